// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/measured_device.h"

#include "runtime/aio/poller.h"

namespace lockvet::runtime {

namespace {

uint64_t size_of(std::span<const iovec> pieces) {
  uint64_t bytes = 0;
  for (const iovec& piece : pieces)
    bytes += piece.iov_len;
  return bytes;
}

} // namespace

template <typename Body>
std::error_code MeasuredDevice::co_measure(RequestKind kind, uint64_t bytes, Body&& body) {
  const Clock::time_point begin = Clock::now();
  const std::error_code failed = body();
  statistics_.note(kind, bytes, static_cast<bool>(failed), Clock::now() - begin);
  return failed;
}

std::error_code MeasuredDevice::co_preadv(uint64_t offset, std::span<const iovec> to) {
  return co_measure(RequestKind::read, size_of(to),
                    [&]() LV_COROUTINE_FN { return device_.co_preadv(offset, to); });
}

std::error_code MeasuredDevice::co_pwritev(uint64_t offset, std::span<const iovec> from,
                                           WriteFlags flags) {
  return co_measure(RequestKind::write, size_of(from),
                    [&]() LV_COROUTINE_FN { return device_.co_pwritev(offset, from, flags); });
}

std::error_code MeasuredDevice::co_flush() {
  return co_measure(RequestKind::flush, 0, [&]() LV_COROUTINE_FN { return device_.co_flush(); });
}

std::error_code MeasuredDevice::co_trim(uint64_t offset, uint64_t length, WriteFlags flags) {
  return co_measure(RequestKind::discard, length,
                    [&]() LV_COROUTINE_FN { return device_.co_trim(offset, length, flags); });
}

std::error_code MeasuredDevice::co_write_zeroes(uint64_t offset, uint64_t length,
                                                WriteFlags flags) {
  return co_measure(RequestKind::write_zeroes, length, [&]() LV_COROUTINE_FN {
    return device_.co_write_zeroes(offset, length, flags);
  });
}

} // namespace lockvet::runtime
