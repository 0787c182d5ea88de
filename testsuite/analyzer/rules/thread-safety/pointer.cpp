// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --arg=-Wthread-safety --arg=-Wthread-safety-pointer
//
// Pointers to guarded data that get away are checked where a tree asks the compiler for it.

#include <lockvet/thread_safety.h>

class LV_CAPABILITY("mutex") Mutex {
public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
};

class Account {
public:
  Mutex mutex;
  int balance LV_GUARDED_BY(mutex);
};

void look(const int* value);

void by_pointer(Account& account) {
  look(&account.balance); // lockvet-warning{{thread-safety-pointer: passing pointer to variable}}
}

void with_the_lock(Account& account) { // silent
  account.mutex.lock();
  look(&account.balance);
  account.mutex.unlock();
}
