// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers and names of the NBD protocol, as doc/proto.md of the reference implementation publishes
// them (https://github.com/NetworkBlockDevice/nbd). Constants only; they belong to nobody and need
// no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_PROTOCOL_H
#define LOCKVET_RUNTIME_EXPORT_NBD_PROTOCOL_H

#include <cstddef>
#include <cstdint>

namespace lockvet::runtime::nbd {

// --- negotiation ---

constexpr uint64_t greeting_magic = 0x4e42444d41474943; // "NBDMAGIC"
constexpr uint64_t option_magic = 0x49484156454f5054;   // "IHAVEOPT"
constexpr uint64_t option_reply_magic = 0x3e889045565a9;

enum HandshakeFlag : uint16_t { fixed_newstyle = 1, no_zeroes = 2 };

enum class Option : uint32_t {
  export_name = 1,
  abort = 2,
  list = 3,
  starttls = 5,
  info = 6,
  go = 7,
  structured_reply = 8,
  list_meta_context = 9,
  set_meta_context = 10,
};

enum class OptionReply : uint32_t {
  ack = 1,
  server = 2,
  info = 3,
  meta_context = 4,
  error_unsupported = 0x8000'0001,
  error_policy = 0x8000'0002,
  error_invalid = 0x8000'0003,
  error_tls_required = 0x8000'0005,
  error_unknown = 0x8000'0006,
  error_shutdown = 0x8000'0007,
  error_block_size_required = 0x8000'0008,
  error_too_big = 0x8000'0009,
};

enum class Info : uint16_t { export_ = 0, name = 1, description = 2, block_size = 3 };

constexpr size_t option_header_bytes = 16;
constexpr size_t zeroes_after_export_name = 124;
// No string of the protocol is longer.
constexpr size_t most_string_bytes = 4096;

enum TransmissionFlag : uint16_t {
  has_flags = 1 << 0,
  read_only = 1 << 1,
  send_flush = 1 << 2,
  send_fua = 1 << 3,
  send_trim = 1 << 5,
  send_write_zeroes = 1 << 6,
  send_df = 1 << 7,
  can_multi_conn = 1 << 8,
  send_fast_zero = 1 << 11,
};

// The metadata context that every export has, and our number for it. Those that an export has
// besides follow in their order.
constexpr const char* allocation_context = "base:allocation";
constexpr uint32_t allocation_context_id = 1;

// --- transmission ---

constexpr uint32_t request_magic = 0x25609513;
constexpr uint32_t simple_reply_magic = 0x67446698;
constexpr uint32_t structured_reply_magic = 0x668e33ef;

enum class Command : uint16_t {
  read = 0,
  write = 1,
  disconnect = 2,
  flush = 3,
  trim = 4,
  cache = 5,
  write_zeroes = 6,
  block_status = 7,
};

enum CommandFlag : uint16_t {
  command_fua = 1 << 0,
  command_no_hole = 1 << 1,
  command_df = 1 << 2,
  command_req_one = 1 << 3,
  command_fast_zero = 1 << 4,
};

enum class Chunk : uint16_t {
  none = 0,
  offset_data = 1,
  block_status = 5,
  error = 0x8001,
};

constexpr uint16_t chunk_done = 1;

enum ExtentFlag : uint32_t { state_hole = 1, state_zero = 2 };

enum class Error : uint32_t {
  none = 0,
  not_permitted = 1,
  input_output = 5,
  no_memory = 12,
  invalid = 22,
  no_space = 28,
  overflow = 75,
  not_supported = 95,
  shutdown = 108,
};

constexpr size_t request_bytes = 28;
constexpr size_t simple_reply_bytes = 16;
constexpr size_t chunk_header_bytes = 20;

// What every peer may expect to be served in one request, and the most that we serve.
constexpr uint32_t usual_payload_bytes = 1U << 25;

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_PROTOCOL_H
