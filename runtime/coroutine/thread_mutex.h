// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mutex for threads, with its guard and its condition variable, as the thread safety analysis
// knows them. It blocks its thread, so a coroutine may hold it for a moment, but never across a
// suspension: another coroutine of the thread would wait for it for ever. Checked builds remember
// where each thread took which, so that suspending can say so.

#ifndef LOCKVET_RUNTIME_COROUTINE_THREAD_MUTEX_H
#define LOCKVET_RUNTIME_COROUTINE_THREAD_MUTEX_H

#include "runtime/coroutine/checks.h"

#include <condition_variable>
#include <lockvet/coroutine.h>
#include <lockvet/thread_safety.h>
#include <mutex>
#include <source_location>

namespace lockvet::runtime {

class LV_CAPABILITY("mutex") ThreadMutex {
public:
  ThreadMutex() = default;
  ThreadMutex(const ThreadMutex&) = delete;
  ThreadMutex& operator=(const ThreadMutex&) = delete;

  void lock(std::source_location place = std::source_location::current()) LV_ACQUIRE();
  bool try_lock(std::source_location place = std::source_location::current()) LV_TRY_ACQUIRE(true);
  void unlock() LV_RELEASE();

private:
  friend class ThreadCondition;
  friend struct HeldMutexes;

  void note_locked(std::source_location place);
  void note_unlocked();

  std::mutex mutex_;
#if LOCKVET_RUNTIME_CHECKS
  // The thread's list of what it holds, newest first; the holder's alone.
  ThreadMutex* held_before_ = nullptr;
  std::source_location locked_at_;
#endif
};

// Holds a ThreadMutex to the end of the scope.
class [[nodiscard]] LV_SCOPED_CAPABILITY ThreadLock {
public:
  explicit ThreadLock(ThreadMutex& mutex,
                      std::source_location place = std::source_location::current())
      LV_ACQUIRE(mutex)
      : mutex_(mutex) {
    mutex_.lock(place);
  }
  ~ThreadLock() LV_RELEASE() { mutex_.unlock(); }

  ThreadLock(const ThreadLock&) = delete;
  ThreadLock& operator=(const ThreadLock&) = delete;

private:
  ThreadMutex& mutex_;
};

// Threads wait here for a change of what a ThreadMutex guards. For threads of their own, not for
// those that run coroutines.
class ThreadCondition {
public:
  // Lets go of the mutex while it waits, and holds it again on return, which may be for no reason.
  void LV_NO_COROUTINE_FN wait(ThreadMutex& mutex) LV_REQUIRES(mutex);
  void notify_one() noexcept { condition_.notify_one(); }
  void notify_all() noexcept { condition_.notify_all(); }

private:
  std::condition_variable condition_;
};

// What the calling thread holds, for checked builds. Entering a coroutine sets it aside, since what
// the one who enters holds is not the coroutine's to answer for.
struct HeldMutexes {
  // The newest, or nullptr.
  static ThreadMutex* newest() noexcept;
  // Sets the list and returns what it was.
  static ThreadMutex* exchange(ThreadMutex* newest) noexcept;
  static std::source_location locked_at(const ThreadMutex& mutex) noexcept;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_THREAD_MUTEX_H
