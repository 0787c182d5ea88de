// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/raw_driver.h"

#include <limits>

namespace lockvet::runtime {

std::error_code RawDriver::check(uint64_t offset, uint64_t size) const {
  if (options_.size && (size > *options_.size || offset > *options_.size - size))
    return std::make_error_code(std::errc::no_space_on_device);
  const uint64_t most = std::numeric_limits<uint64_t>::max() - options_.offset;
  if (size > most || offset > most - size)
    return std::make_error_code(std::errc::file_too_large);
  return {};
}

std::error_code RawDriver::co_preadv(uint64_t offset, const IoVector& to, RequestFlags flags) {
  if (const std::error_code error = check(offset, to.size()))
    return error;
  return PassThroughDriver::co_preadv(options_.offset + offset, to, flags);
}

std::error_code RawDriver::co_pwritev(uint64_t offset, const IoVector& from, RequestFlags flags) {
  if (const std::error_code error = check(offset, from.size()))
    return error;
  return PassThroughDriver::co_pwritev(options_.offset + offset, from, flags);
}

std::error_code RawDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size, RequestFlags flags) {
  if (const std::error_code error = check(offset, size))
    return error;
  return PassThroughDriver::co_pwrite_zeroes(options_.offset + offset, size, flags);
}

std::error_code RawDriver::co_discard(uint64_t offset, uint64_t size) {
  if (const std::error_code error = check(offset, size))
    return error;
  return PassThroughDriver::co_discard(options_.offset + offset, size);
}

std::expected<BlockStatus, std::error_code> RawDriver::co_block_status(uint64_t offset,
                                                                       uint64_t size) {
  if (const std::error_code error = check(offset, size))
    return std::unexpected(error);
  return PassThroughDriver::co_block_status(options_.offset + offset, size);
}

std::error_code RawDriver::co_truncate(uint64_t length) {
  if (options_.size)
    return std::make_error_code(std::errc::not_supported);
  if (const std::error_code error = check(0, length))
    return error;
  return PassThroughDriver::co_truncate(options_.offset + length);
}

std::expected<uint64_t, std::error_code> RawDriver::co_length() {
  const auto whole = PassThroughDriver::co_length();
  if (!whole)
    return whole;
  if (options_.offset > *whole || options_.size.value_or(0) > *whole - options_.offset)
    return std::unexpected(std::make_error_code(std::errc::io_error));
  return options_.size.value_or(*whole - options_.offset);
}

Permissions RawDriver::child_permissions(EdgeRole, Permissions own) const {
  if (!options_.size)
    return own;
  return {without(own.used, Permission::resize), without(own.shared, Permission::resize)};
}

} // namespace lockvet::runtime
