// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mutex for coroutines of any home. Who has to wait suspends, and the thread goes on with others;
// the holder may suspend. It is fair: an unlock hands the mutex to whoever has waited longest, who
// is then woken as its holder. Without contention it costs two atomic operations. Its coroutines
// need homes, since a holder in another thread must be able to wake them.

#ifndef LOCKVET_RUNTIME_COROUTINE_CO_MUTEX_H
#define LOCKVET_RUNTIME_COROUTINE_CO_MUTEX_H

#include "runtime/coroutine/waiter_list.h"

#include <atomic>
#include <lockvet/thread_safety.h>

namespace lockvet::runtime {

// The algorithm is that of cppcoro's async_mutex (Lewis Baker): newcomers push themselves onto a
// lock-free stack, which the holder turns into a queue when it needs one.
// runtime/models/co_mutex.pml is its model.
class LV_CAPABILITY("coroutine mutex") CoMutex {
public:
  using Place = Coroutine::Place;

  CoMutex() = default;
  CoMutex(const CoMutex&) = delete;
  CoMutex& operator=(const CoMutex&) = delete;
  ~CoMutex();

  void LV_COROUTINE_FN LV_LABEL("suspends") lock(Place place = Place::current()) LV_ACQUIRE();
  // Takes it only if it is free.
  bool LV_COROUTINE_FN try_lock(Place place = Place::current()) LV_TRY_ACQUIRE(true);
  // Only by the coroutine that holds it. Does not suspend.
  void LV_COROUTINE_FN unlock(Place place = Place::current()) LV_RELEASE();

private:
  void note_locked(Place place);
  void check_lock(Place place);
  void check_unlock(Place place);

  // What newest_ points to while nobody holds the mutex; never looked into.
  inline static Waiter free_;

  // Nobody holds it: &free_. Somebody does, and nobody new waits: nullptr. Otherwise the
  // newest of those who wait and whom the holder has not yet put into its queue.
  std::atomic<Waiter*> newest_ = &free_;
  // The holder's queue of older ones, the longest waiting first.
  Waiter* oldest_ LV_GUARDED_BY(this) = nullptr;
#if LOCKVET_RUNTIME_CHECKS
  std::atomic<Coroutine*> holder_ = nullptr;
  std::atomic<Place> locked_at_;
#endif
};

// Holds a CoMutex to the end of the scope, across suspensions.
class [[nodiscard]] LV_SCOPED_CAPABILITY CoLock {
public:
  explicit LV_COROUTINE_FN CoLock(CoMutex& mutex, CoMutex::Place place = CoMutex::Place::current())
      LV_ACQUIRE(mutex)
      : mutex_(mutex) {
    mutex_.lock(place);
  }
  LV_COROUTINE_FN ~CoLock() LV_RELEASE() { mutex_.unlock(); }

  CoLock(const CoLock&) = delete;
  CoLock& operator=(const CoLock&) = delete;

private:
  CoMutex& mutex_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_CO_MUTEX_H
