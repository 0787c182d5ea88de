// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/thread_mutex.h"

#include <utility>

namespace lockvet::runtime {

namespace {

thread_local ThreadMutex* held_by_thread = nullptr;

// A coroutine can be resumed by another thread: the address of a thread's variable must be looked
// up anew by each call, which an inlined access in a caller would not be.
[[gnu::noinline]] ThreadMutex*& held() noexcept {
  asm volatile("" ::: "memory");
  return held_by_thread;
}

} // namespace

#if LOCKVET_RUNTIME_CHECKS

void ThreadMutex::note_locked(std::source_location place) {
  locked_at_ = place;
  held_before_ = std::exchange(held(), this);
}

void ThreadMutex::note_unlocked() {
  for (ThreadMutex** link = &held(); *link != nullptr; link = &(*link)->held_before_) {
    if (*link == this) {
      *link = held_before_;
      return;
    }
  }
  misuse("a mutex that was locked at " + describe(locked_at_) +
         " is unlocked by a thread or coroutine that does not hold it.");
}

std::source_location HeldMutexes::locked_at(const ThreadMutex& mutex) noexcept {
  return mutex.locked_at_;
}

#else

void ThreadMutex::note_locked(std::source_location) {}
void ThreadMutex::note_unlocked() {}
std::source_location HeldMutexes::locked_at(const ThreadMutex&) noexcept {
  return {};
}

#endif

void ThreadMutex::lock(std::source_location place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with std::mutex, which has no attributes") {
  mutex_.lock();
  note_locked(place);
}

bool ThreadMutex::try_lock(std::source_location place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with std::mutex, which has no attributes") {
  const bool locked = mutex_.try_lock();
  if (locked)
    note_locked(place);
  return locked;
}

void ThreadMutex::unlock()
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with std::mutex, which has no attributes") {
  note_unlocked();
  mutex_.unlock();
}

void ThreadCondition::wait(ThreadMutex& mutex) {
  const std::source_location place = HeldMutexes::locked_at(mutex);
  mutex.note_unlocked();
  // The standard's guard is only lent the mutex: who holds it is the same before and after.
  std::unique_lock<std::mutex> lent(mutex.mutex_, std::adopt_lock);
  condition_.wait(lent);
  (void)lent.release();
  mutex.note_locked(place);
}

ThreadMutex* HeldMutexes::newest() noexcept {
  return held();
}

ThreadMutex* HeldMutexes::exchange(ThreadMutex* newest) noexcept {
  return std::exchange(held(), newest);
}

} // namespace lockvet::runtime
