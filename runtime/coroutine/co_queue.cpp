// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/co_queue.h"

namespace lockvet::runtime {

CoQueue::~CoQueue() {
  if constexpr (checks) {
    ThreadLock lock(mutex_);
    if (!waiters_.empty())
      misuse("a queue is destroyed while coroutines wait in it.");
  }
}

void CoQueue::enqueue(Waiter& waiter) {
  ThreadLock lock(mutex_);
  waiters_.push_back(waiter);
}

bool CoQueue::wake_one(Place place) {
  Coroutine* woken = nullptr;
  {
    ThreadLock lock(mutex_);
    if (waiters_.empty())
      return false;
    woken = waiters_.pop_front().coroutine;
  }
  woken->wake(place);
  return true;
}

void CoQueue::wake_all(Place place) {
  WaiterList woken;
  {
    ThreadLock lock(mutex_);
    woken = std::exchange(waiters_, {});
  }
  woken.wake_all(place);
}

} // namespace lockvet::runtime
