// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/null_driver.h"

#include "runtime/drivers/co_delay.h"

namespace lockvet::runtime {

std::error_code NullDriver::take_time() {
  if (options_.latency == std::chrono::nanoseconds::zero())
    return {};
  // Nobody who changes the graph elsewhere waits for it.
  const CoGraphReadPause pause;
  return co_delay(options_.latency);
}

std::error_code NullDriver::co_preadv(uint64_t, const IoVector& to, RequestFlags) {
  if (options_.read_zeroes)
    to.fill(0);
  return take_time();
}

std::error_code NullDriver::co_pwritev(uint64_t offset, const IoVector& from, RequestFlags) {
  length_.grow_to(offset + from.size());
  return take_time();
}

std::error_code NullDriver::co_flush() {
  return take_time();
}

std::error_code NullDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size, RequestFlags) {
  length_.grow_to(offset + size);
  return take_time();
}

std::error_code NullDriver::co_discard(uint64_t, uint64_t) {
  return take_time();
}

std::expected<BlockStatus, std::error_code> NullDriver::co_block_status(uint64_t, uint64_t size) {
  return BlockStatus{.length = size, .zero = options_.read_zeroes};
}

std::error_code NullDriver::co_truncate(uint64_t length) {
  length_.set(length);
  return {};
}

std::expected<uint64_t, std::error_code> NullDriver::co_length() {
  return length_.get();
}

} // namespace lockvet::runtime
