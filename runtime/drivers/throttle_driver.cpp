// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/throttle_driver.h"

namespace lockvet::runtime {

void ThrottleDriver::co_wait_turn(ThrottleDirection direction, uint64_t size) {
  if (member_.try_pass(direction, size))
    return;
  const CoGraphReadPause pause;
  member_.co_pass(direction, size);
}

std::error_code ThrottleDriver::co_preadv(uint64_t offset, const IoVector& to, RequestFlags flags) {
  co_wait_turn(ThrottleDirection::read, to.size());
  return PassThroughDriver::co_preadv(offset, to, flags);
}

std::error_code ThrottleDriver::co_pwritev(uint64_t offset, const IoVector& from,
                                           RequestFlags flags) {
  co_wait_turn(ThrottleDirection::write, from.size());
  return PassThroughDriver::co_pwritev(offset, from, flags);
}

std::error_code ThrottleDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                 RequestFlags flags) {
  co_wait_turn(ThrottleDirection::write, size);
  return PassThroughDriver::co_pwrite_zeroes(offset, size, flags);
}

std::error_code ThrottleDriver::co_discard(uint64_t offset, uint64_t size) {
  co_wait_turn(ThrottleDirection::write, size);
  return PassThroughDriver::co_discard(offset, size);
}

} // namespace lockvet::runtime
