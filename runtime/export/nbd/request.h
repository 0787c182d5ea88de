// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header of a request, and what the protocol says of it before anything is done. Values and
// functions of them; no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_REQUEST_H
#define LOCKVET_RUNTIME_EXPORT_NBD_REQUEST_H

#include "runtime/export/nbd/protocol.h"
#include "runtime/export/nbd/session.h"

#include <optional>
#include <span>
#include <system_error>

namespace lockvet::runtime::nbd {

struct RequestHeader {
  Command command = {};
  uint16_t flags = 0;
  uint64_t cookie = 0;
  uint64_t offset = 0;
  uint32_t length = 0;

  bool has(CommandFlag flag) const noexcept { return (flags & flag) != 0; }
  // What follows in the stream.
  uint32_t payload_bytes() const noexcept { return command == Command::write ? length : 0; }
};

// Nothing if it does not begin as a request does, after which the stream can't be understood any
// more.
std::optional<RequestHeader>
parse_request(std::span<const std::byte, request_bytes> bytes) noexcept;

// A refusal, with words for a person; or Error::none.
struct Verdict {
  Error error = Error::none;
  const char* why = "";
};

// Whether the request may be tried. A disconnection may always.
Verdict check_request(const RequestHeader& header, const Session& session) noexcept;

// What a device's error is called on the wire.
Error wire_error(std::error_code error) noexcept;

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_REQUEST_H
