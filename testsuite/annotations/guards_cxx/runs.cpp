// RUN: %clangxx -std=c++17 -I%annotations -Wall -Wextra -Werror -fsanitize=undefined %s -o %t
// RUN: %t | FileCheck %s

// What the guards do when they run.

#include <cstdio>

#include <lockvet/guards.hpp>

struct LV_CAPABILITY("mutex") Mutex {
  void lock() LV_ACQUIRE() LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") { std::printf("+"); }
  void unlock() LV_RELEASE() LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") {
    std::printf("-");
  }
  bool try_lock() LV_TRY_ACQUIRE(true) LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") {
    std::printf("?");
    return free;
  }
  void lock_shared() LV_ACQUIRE_SHARED() LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") {
    std::printf("(");
  }
  void unlock_shared() LV_RELEASE_SHARED() LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") {
    std::printf(")");
  }
  bool try_lock_shared() LV_TRY_ACQUIRE_SHARED(true)
      LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") {
    std::printf("?");
    return free;
  }
  bool free = true;
};

static void say(const char* what) {
  std::printf(" %s", what);
}

int main() {
  Mutex m;
  {
    lockvet::LockGuard guard(m);
    lockvet::ReverseGuard unlocked(m);
    say("in reverse ");
  }
  // CHECK: +- in reverse +- reversed
  say("reversed\n");
  {
    lockvet::SharedLockGuard guard(m);
    lockvet::SharedReverseGuard unlocked(m);
    say("in reverse ");
  }
  // CHECK: () in reverse () shared reversed
  say("shared reversed\n");
  {
    lockvet::UniqueLock lock(m);
    lock.unlock();
    say(lock.owns_lock() ? "owns " : "free ");
    lock.lock();
    say(lock.owns_lock() ? "owns " : "free ");
  }
  // CHECK: +- free + owns - relocked
  say("relocked\n");
  {
    lockvet::UniqueLock lock(m);
    lock.unlock();
  }
  {
    lockvet::UniqueLock lock(m, lockvet::defer_lock);
  }
  // CHECK: +- never taken
  say("never taken\n");
  {
    lockvet::UniqueLock lock(m, lockvet::defer_lock);
    if (lock.try_lock())
      say("taken ");
  }
  m.free = false;
  {
    lockvet::UniqueLock lock(m, lockvet::defer_lock);
    if (!lock.try_lock())
      say("busy ");
  }
  {
    lockvet::SharedLock lock(m, lockvet::defer_lock);
    if (!lock.try_lock())
      say("busy ");
  }
  // CHECK: ? taken -? busy ? busy tried
  say("tried\n");
  m.lock();
  {
    lockvet::LockGuard guard(m, lockvet::adopt_lock);
  }
  m.lock_shared();
  {
    lockvet::SharedLock lock(m, lockvet::adopt_lock);
  }
  // CHECK: +-() adopted
  say("adopted\n");
}
