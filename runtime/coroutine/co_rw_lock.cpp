// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/co_rw_lock.h"

namespace lockvet::runtime {

CoRwLock::~CoRwLock() {
  if constexpr (checks) {
    ThreadLock lock(mutex_);
    if (writer_ || readers_ > 0)
      misuse("a reader/writer lock is destroyed while a coroutine holds it.");
  }
}

void CoRwLock::lock_shared(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a count") {
  Waiter me{.coroutine = Coroutine::current(), .exclusive = false};
  {
    ThreadLock lock(mutex_);
    if (!writer_ && waiters_.empty()) {
      ++readers_;
      return;
    }
    waiters_.push_back(me);
  }
  Coroutine::suspend(place);
}

void CoRwLock::lock(Place place) LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a count") {
  Waiter me{.coroutine = Coroutine::current(), .exclusive = true};
  {
    ThreadLock lock(mutex_);
    if (!writer_ && readers_ == 0 && waiters_.empty()) {
      writer_ = true;
      return;
    }
    waiters_.push_back(me);
  }
  Coroutine::suspend(place);
}

void CoRwLock::unlock_shared(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a count") {
  WaiterList granted;
  {
    ThreadLock lock(mutex_);
    if (readers_ == 0)
      misuse("a reader/writer lock that has no readers is given back at " + describe(place) +
             (writer_ ? ": its holder is a writer." : ": nobody holds it."));
    --readers_;
    granted = grant();
  }
  granted.wake_all(place);
}

void CoRwLock::unlock(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a count") {
  WaiterList granted;
  {
    ThreadLock lock(mutex_);
    if (!writer_)
      misuse("a reader/writer lock that has no writer is given back at " + describe(place) +
             (readers_ > 0 ? ": its holders are readers." : ": nobody holds it."));
    writer_ = false;
    granted = grant();
  }
  granted.wake_all(place);
}

void CoRwLock::downgrade(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a count") {
  WaiterList granted;
  {
    ThreadLock lock(mutex_);
    if (!writer_)
      misuse("a reader/writer lock is downgraded at " + describe(place) +
             " by one who does not hold it as a writer.");
    writer_ = false;
    readers_ = 1;
    granted = grant();
  }
  granted.wake_all(place);
}

WaiterList CoRwLock::grant() {
  WaiterList granted;
  while (!waiters_.empty() && !writer_) {
    if (waiters_.first()->exclusive) {
      if (readers_ > 0)
        break;
      writer_ = true;
    } else {
      ++readers_;
    }
    granted.push_back(waiters_.pop_front());
  }
  return granted;
}

} // namespace lockvet::runtime
