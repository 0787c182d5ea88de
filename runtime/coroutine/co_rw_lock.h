// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A reader/writer lock for coroutines of any home. It is fair to both: who comes while others wait
// waits behind them, so that a stream of readers starves no writer and none of them is passed over
// twice. Holders may suspend. It guards itself with a ThreadMutex, for a few instructions at a
// time.

#ifndef LOCKVET_RUNTIME_COROUTINE_CO_RW_LOCK_H
#define LOCKVET_RUNTIME_COROUTINE_CO_RW_LOCK_H

#include "runtime/coroutine/thread_mutex.h"
#include "runtime/coroutine/waiter_list.h"

namespace lockvet::runtime {

class LV_CAPABILITY("coroutine reader/writer lock") CoRwLock {
public:
  using Place = Coroutine::Place;

  CoRwLock() = default;
  CoRwLock(const CoRwLock&) = delete;
  CoRwLock& operator=(const CoRwLock&) = delete;
  ~CoRwLock();

  // Not by a coroutine that holds it for reading: a writer that came between waits for the first
  // hold, and the second for the writer.
  void LV_COROUTINE_FN LV_LABEL("suspends") lock_shared(Place place = Place::current())
      LV_ACQUIRE_SHARED();
  void LV_COROUTINE_FN LV_LABEL("suspends") lock(Place place = Place::current()) LV_ACQUIRE();

  void LV_COROUTINE_FN unlock_shared(Place place = Place::current()) LV_RELEASE_SHARED();
  void LV_COROUTINE_FN unlock(Place place = Place::current()) LV_RELEASE();

  // A writer becomes a reader, with no other writer between.
  void LV_COROUTINE_FN downgrade(Place place = Place::current()) LV_RELEASE() LV_ACQUIRE_SHARED();

private:
  // Gives the lock to those at the head of the queue who can have it now, and returns them.
  WaiterList grant() LV_REQUIRES(mutex_);

  ThreadMutex mutex_;
  WaiterList waiters_ LV_GUARDED_BY(mutex_);
  unsigned readers_ LV_GUARDED_BY(mutex_) = 0;
  bool writer_ LV_GUARDED_BY(mutex_) = false;
};

// Hold a CoRwLock to the end of the scope, across suspensions.
class [[nodiscard]] LV_SCOPED_CAPABILITY CoReadLock {
public:
  explicit LV_COROUTINE_FN CoReadLock(CoRwLock& lock,
                                      CoRwLock::Place place = CoRwLock::Place::current())
      LV_ACQUIRE_SHARED(lock)
      : lock_(lock) {
    lock_.lock_shared(place);
  }
  LV_COROUTINE_FN ~CoReadLock() LV_RELEASE() { lock_.unlock_shared(); }

  CoReadLock(const CoReadLock&) = delete;
  CoReadLock& operator=(const CoReadLock&) = delete;

private:
  CoRwLock& lock_;
};

class [[nodiscard]] LV_SCOPED_CAPABILITY CoWriteLock {
public:
  explicit LV_COROUTINE_FN CoWriteLock(CoRwLock& lock,
                                       CoRwLock::Place place = CoRwLock::Place::current())
      LV_ACQUIRE(lock)
      : lock_(lock) {
    lock_.lock(place);
  }
  LV_COROUTINE_FN ~CoWriteLock() LV_RELEASE() { lock_.unlock(); }

  CoWriteLock(const CoWriteLock&) = delete;
  CoWriteLock& operator=(const CoWriteLock&) = delete;

private:
  CoRwLock& lock_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_CO_RW_LOCK_H
