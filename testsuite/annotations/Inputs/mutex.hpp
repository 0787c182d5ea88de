// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lock of the C++ tests: a reader/writer lock with methods. The tests own it; nothing is ever
// linked or run.

#ifndef LOCKVET_TEST_MUTEX_HPP
#define LOCKVET_TEST_MUTEX_HPP

#include <lockvet/thread_safety.h>

class LV_CAPABILITY("mutex") SharedMutex {
 public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
  bool try_lock() LV_TRY_ACQUIRE(true);
  void lock_shared() LV_ACQUIRE_SHARED();
  void unlock_shared() LV_RELEASE_SHARED();
  bool try_lock_shared() LV_TRY_ACQUIRE_SHARED(true);
};

struct Account {
  SharedMutex mutex;
  long balance LV_GUARDED_BY(mutex) = 0;
};

#endif  // LOCKVET_TEST_MUTEX_HPP
