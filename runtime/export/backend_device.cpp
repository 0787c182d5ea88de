// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/backend_device.h"

namespace lockvet::runtime {

namespace {

RequestFlags request_flags(ExportedDevice::WriteFlags flags) {
  RequestFlags result = RequestFlags::none;
  if (flags.force_unit_access)
    result = result | RequestFlags::force_unit_access;
  if (flags.may_unmap)
    result = result | RequestFlags::may_unmap;
  if (flags.only_if_fast)
    result = result | RequestFlags::no_fallback;
  return result;
}

} // namespace

void BackendDevice::co_update_size() {
  // Without a node it stays what it was, and requests get errors.
  if (const auto length = backend_.co_length())
    size_.store(*length, std::memory_order_relaxed);
}

std::error_code BackendDevice::co_preadv(uint64_t offset, std::span<const iovec> to) {
  return backend_.co_preadv(offset, IoVector(to));
}

std::error_code BackendDevice::co_pwritev(uint64_t offset, std::span<const iovec> from,
                                          WriteFlags flags) {
  return backend_.co_pwritev(offset, IoVector(from), request_flags(flags));
}

std::error_code BackendDevice::co_flush() {
  return backend_.co_flush();
}

std::error_code BackendDevice::co_trim(uint64_t offset, uint64_t length, WriteFlags flags) {
  const std::error_code failed = backend_.co_discard(offset, length);
  return failed || !flags.force_unit_access ? failed : backend_.co_flush();
}

std::error_code BackendDevice::co_write_zeroes(uint64_t offset, uint64_t length, WriteFlags flags) {
  return backend_.co_pwrite_zeroes(offset, length, request_flags(flags));
}

std::expected<ExportedDevice::Extent, std::error_code>
BackendDevice::co_block_status(uint64_t offset, uint64_t length) {
  const auto status = backend_.co_block_status(offset, length);
  if (!status)
    return std::unexpected(status.error());
  // What is not allocated and not known to be zero may be anything, so that it is data.
  return Extent{.length = status->length, .hole = status->zero, .zero = status->zero};
}

} // namespace lockvet::runtime
