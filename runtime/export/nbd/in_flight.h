// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One request from when its header was read until its reply is sent: what it came with, and what
// goes back. A transmission owns it, in its context's thread.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_IN_FLIGHT_H
#define LOCKVET_RUNTIME_EXPORT_NBD_IN_FLIGHT_H

#include "runtime/export/nbd/data_buffer.h"
#include "runtime/export/nbd/receive_buffer.h"
#include "runtime/export/nbd/reply.h"

namespace lockvet::runtime::nbd {

struct InFlight {
  RequestHeader header;
  // What it keeps, or may come to keep, of data, and whether that is of what connections share.
  uint64_t kept_bytes = 0;
  bool shared = false;
  // Of a write.
  ReceiveBuffer::Payload payload;

  ReplyHead head;
  // What is sent after the head: bytes of `data` if this was a read, or else all of `extents`,
  // which may have more heads in between.
  DataBufferPool::Memory data;
  std::vector<std::byte> extents;
  bool data_follows = false;

  // In the list of those that are done, or of those that are not used.
  InFlight* next = nullptr;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_IN_FLIGHT_H
