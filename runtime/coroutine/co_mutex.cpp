// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/co_mutex.h"

namespace lockvet::runtime {

CoMutex::~CoMutex() {
#if LOCKVET_RUNTIME_CHECKS
  if (newest_.load(std::memory_order_relaxed) != &free_)
    misuse("a coroutine mutex is destroyed while it is held since " + describe(locked_at_) + ".");
#endif
}

bool CoMutex::try_lock(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with an atomic") {
  Waiter* expected = &free_;
  if (!newest_.compare_exchange_strong(expected, nullptr, std::memory_order_acquire,
                                       std::memory_order_relaxed))
    return false;
  note_locked(place);
  return true;
}

void CoMutex::lock(Place place) LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with an atomic") {
  check_lock(place);
  Waiter me{.coroutine = Coroutine::current()};
  Waiter* newest = &free_;
  while (true) {
    if (newest == &free_) {
      if (newest_.compare_exchange_weak(newest, nullptr, std::memory_order_acquire,
                                        std::memory_order_relaxed))
        break;
    } else {
      me.next = newest;
      if (newest_.compare_exchange_weak(newest, &me, std::memory_order_release,
                                        std::memory_order_relaxed)) {
        // Whoever unlocks may wake us already; our home gets to it when we have suspended.
        Coroutine::suspend(place);
        break;
      }
    }
  }
  note_locked(place);
}

void CoMutex::unlock(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with an atomic") {
  check_unlock(place);
  if (oldest_ == nullptr) {
    Waiter* expected = nullptr;
    if (newest_.compare_exchange_strong(expected, &free_, std::memory_order_release,
                                        std::memory_order_relaxed))
      return;
    // Still locked, on behalf of the one that is about to be handed it. The newest comes first
    // here.
    Waiter* newest = newest_.exchange(nullptr, std::memory_order_acquire);
    while (newest != nullptr) {
      Waiter* const older = newest->next;
      newest->next = oldest_;
      oldest_ = newest;
      newest = older;
    }
  }
  Waiter& next = *oldest_;
  oldest_ = next.next;
  next.coroutine->wake(place);
}

void CoMutex::note_locked([[maybe_unused]] Place place) {
#if LOCKVET_RUNTIME_CHECKS
  holder_.store(Coroutine::current(), std::memory_order_relaxed);
  locked_at_.store(place, std::memory_order_relaxed);
#endif
}

void CoMutex::check_lock([[maybe_unused]] Place place) {
#if LOCKVET_RUNTIME_CHECKS
  Coroutine* const self = Coroutine::current();
  if (self == nullptr)
    misuse("a coroutine mutex is locked at " + describe(place) + ", outside of any coroutine.");
  if (holder_.load(std::memory_order_relaxed) == self)
    misuse("a coroutine waits at " + describe(place) +
           " for a mutex that it has itself held since " + describe(locked_at_) + ".");
#endif
}

void CoMutex::check_unlock([[maybe_unused]] Place place) {
#if LOCKVET_RUNTIME_CHECKS
  Coroutine* const self = Coroutine::current();
  if (self == nullptr || holder_.load(std::memory_order_relaxed) != self)
    misuse("a coroutine mutex is unlocked at " + describe(place) +
           " by one who does not hold it; it was last locked at " + describe(locked_at_) + ".");
  holder_.store(nullptr, std::memory_order_relaxed);
#endif
}

} // namespace lockvet::runtime
