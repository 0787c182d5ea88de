// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --arg=-Wthread-safety
//
// The right kind of lock of the wrong object, and references to guarded data that get away: each
// warning group of the compiler is a rule of its own.

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
  // lockvet-warning@+1{{thread-safety-reference-return: returning variable 'balance' by reference}}
  int& leak() { return balance; }
};

void look(const int& value);

void wrong_object(Account& from, Account& to) {
  from.mutex.lock();
  to.balance++; // lockvet-warning{{thread-safety-precise: writing variable 'balance' requires}}
  from.mutex.unlock();
}

void by_reference(Account& account) {
  look(account.balance); // lockvet-warning{{thread-safety-reference: passing variable 'balance'}}
}

void right_object(Account& from, Account& to) { // silent
  to.mutex.lock();
  to.balance++;
  look(to.balance);
  to.mutex.unlock();
  from.mutex.lock();
  from.balance--;
  from.mutex.unlock();
}
