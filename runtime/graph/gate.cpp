// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/gate.h"

namespace lockvet::runtime {

Gate::~Gate() {
  if constexpr (checks) {
    ThreadLock lock(mutex_);
    if (busy() || !waiters_.empty())
      misuse("a gate is destroyed while somebody is inside or waits before it.");
    if (closings_ > 0)
      misuse("a gate is destroyed while it is closed: a drained section is not over.");
  }
}

// It was counted without being let in.
void Gate::co_enter_closed(Place place) {
  leave();
  Waiter me{.coroutine = Coroutine::current()};
  // If woken, it has been let in and counted by open().
  if (wait_in_line(me))
    Coroutine::suspend(place);
}

bool Gate::wait_in_line(Waiter& waiter) {
  ThreadLock lock(mutex_);
  if (closings_ == 0) {
    // Opened meanwhile. A close() to come waits for the mutex first, and sees this.
    inside_.add(1);
    return false;
  }
  waiters_.push_back(waiter);
  return true;
}

void Gate::close() {
  ThreadLock lock(mutex_);
  ++closings_;
  closed_.store(true, std::memory_order_relaxed);
}

void Gate::open(Place place) {
  WaiterList admitted;
  {
    ThreadLock lock(mutex_);
    if (closings_ == 0)
      misuse("a gate that is not closed is opened at " + describe(place) + ".");
    if (--closings_ > 0)
      return;
    admitted = std::exchange(waiters_, {});
    int64_t count = 0;
    for (const Waiter* waiter = admitted.first(); waiter != nullptr; waiter = waiter->next)
      ++count;
    inside_.add(count);
    closed_.store(false, std::memory_order_release);
  }
  admitted.wake_all(place);
}

} // namespace lockvet::runtime
