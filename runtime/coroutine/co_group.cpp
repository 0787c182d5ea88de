// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/co_group.h"

namespace lockvet::runtime {

CoGroup::~CoGroup() {
  if constexpr (checks) {
    if (running_.load(std::memory_order_relaxed) != 1)
      misuse("a group is destroyed while members of it run; its owner has to wait for them.");
  }
}

std::error_code CoGroup::wait(Place place) {
  waiter_ = Coroutine::current();
  // The last to count down finds the other side there: either members are left and one of them
  // wakes us, or none is and nobody does.
  if (running_.fetch_sub(1, std::memory_order_acq_rel) != 1)
    Coroutine::suspend(place);
  running_.store(1, std::memory_order_relaxed);
  ThreadLock lock(mutex_);
  return first_error_;
}

void CoGroup::member_ended(std::error_code result) {
  if (result) {
    {
      ThreadLock lock(mutex_);
      if (!first_error_)
        first_error_ = result;
    }
    cancellation_.request();
  }
  // The owner waits while this is not the last, so that the group is there until it is woken.
  if (running_.fetch_sub(1, std::memory_order_acq_rel) == 1)
    waiter_->wake();
}

} // namespace lockvet::runtime
