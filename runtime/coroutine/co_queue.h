// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where coroutines wait until something that a lock guards has changed: a condition variable for
// coroutines of any home. Waiters are woken in the order in which they came. Waiting needs the
// lock, a CoMutex or a ThreadMutex, and waking needs none; a wake-up is lost only if nobody waits.

#ifndef LOCKVET_RUNTIME_COROUTINE_CO_QUEUE_H
#define LOCKVET_RUNTIME_COROUTINE_CO_QUEUE_H

#include "runtime/coroutine/thread_mutex.h"
#include "runtime/coroutine/waiter_list.h"

namespace lockvet::runtime {

class CoQueue {
public:
  using Place = Coroutine::Place;

  CoQueue() = default;
  CoQueue(const CoQueue&) = delete;
  CoQueue& operator=(const CoQueue&) = delete;
  ~CoQueue();

  // Lets go of the lock while it waits, and holds it again on return. What it waited for may have
  // changed again in between: look, and wait again.
  template <typename Lock>
  void LV_COROUTINE_FN wait(Lock& lock, Place place = Place::current()) LV_REQUIRES(lock) {
    Waiter me{.coroutine = Coroutine::current()};
    // In the queue before the lock is free, so that a change after that finds it there.
    enqueue(me);
    lock.unlock();
    Coroutine::suspend(place);
    lock.lock(place);
  }

  // Wakes the one that has waited longest; false if there is none. From any thread.
  bool wake_one(Place place = Place::current());
  // Wakes all that wait now. From any thread.
  void wake_all(Place place = Place::current());

private:
  void enqueue(Waiter& waiter);

  ThreadMutex mutex_;
  WaiterList waiters_ LV_GUARDED_BY(mutex_);
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_CO_QUEUE_H
