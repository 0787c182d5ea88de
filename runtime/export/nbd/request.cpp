// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/request.h"

#include "runtime/export/nbd/wire.h"

namespace lockvet::runtime::nbd {

namespace {

// The flag FUA goes with every command, since it was offered.
uint16_t flags_of(Command command, const Session& session) {
  switch (command) {
  case Command::read:
    return command_fua | (session.structured ? command_df : 0);
  case Command::write_zeroes:
    return command_fua | command_no_hole | command_fast_zero;
  case Command::block_status:
    return command_fua | command_req_one;
  default:
    return command_fua;
  }
}

bool is_within(const RequestHeader& header, const Session& session) {
  return header.offset <= session.size && header.length <= session.size - header.offset;
}

bool is_aligned(const RequestHeader& header, const Session& session) {
  return ((header.offset | header.length) & (session.minimum_block - 1)) == 0;
}

Verdict check_range(const RequestHeader& header, const Session& session, Error beyond_the_end) {
  if (!is_within(header, session))
    return {beyond_the_end, "the request goes beyond the end of the export"};
  if (!is_aligned(header, session))
    return {Error::invalid, "the request is not aligned to the minimum block size"};
  return {};
}

Verdict check_write(const RequestHeader& header, const Session& session, Error beyond_the_end) {
  if (session.read_only)
    return {Error::not_permitted, "the export is read-only"};
  return check_range(header, session, beyond_the_end);
}

} // namespace

std::optional<RequestHeader>
parse_request(std::span<const std::byte, request_bytes> bytes) noexcept {
  if (load<uint32_t>(bytes.data()) != request_magic)
    return std::nullopt;
  return RequestHeader{.command = static_cast<Command>(load<uint16_t>(bytes.data() + 6)),
                       .flags = load<uint16_t>(bytes.data() + 4),
                       .cookie = load<uint64_t>(bytes.data() + 8),
                       .offset = load<uint64_t>(bytes.data() + 16),
                       .length = load<uint32_t>(bytes.data() + 24)};
}

Verdict check_request(const RequestHeader& header, const Session& session) noexcept {
  if (header.command == Command::disconnect)
    return {};
  if ((header.flags & ~flags_of(header.command, session)) != 0)
    return {Error::invalid, "the request has a flag that does not go with it"};
  switch (header.command) {
  case Command::read:
    // Without structured replies there is no error of this name.
    if (header.length > session.most_payload_bytes)
      return {session.structured ? Error::overflow : Error::invalid,
              "the request is for more than the maximum payload"};
    return check_range(header, session, Error::invalid);
  case Command::write:
    if (header.length > session.most_payload_bytes)
      return {Error::invalid, "the request has more than the maximum payload"};
    return check_write(header, session, Error::no_space);
  case Command::write_zeroes:
    return check_write(header, session, Error::no_space);
  case Command::trim:
    return check_write(header, session, Error::invalid);
  case Command::flush:
    if (header.offset != 0 || header.length != 0)
      return {Error::invalid, "a flush has neither offset nor length"};
    return {};
  case Command::block_status:
    if (session.metadata.empty())
      return {Error::invalid, "no metadata context was selected"};
    if (header.length == 0)
      return {Error::invalid, "the status of no bytes is asked for"};
    return check_range(header, session, Error::invalid);
  case Command::cache:
    return {Error::invalid, "this server does not offer NBD_CMD_CACHE"};
  case Command::disconnect:
    break;
  }
  return {Error::invalid, "this server does not know the command"};
}

Error wire_error(std::error_code error) noexcept {
  if (!error)
    return Error::none;
  // Both are of errno's values, some of which have no portable condition.
  if (error.category() != std::generic_category() && error.category() != std::system_category())
    return Error::input_output;
  switch (error.value()) {
  case EPERM:
  case EACCES:
  case EROFS:
    return Error::not_permitted;
  case ENOMEM:
    return Error::no_memory;
  case EINVAL:
    return Error::invalid;
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return Error::no_space;
  case ENOTSUP:
    return Error::not_supported;
  case ESHUTDOWN:
    return Error::shutdown;
  default:
    return Error::input_output;
  }
}

} // namespace lockvet::runtime::nbd
