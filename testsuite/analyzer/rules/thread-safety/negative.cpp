// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --arg=-Wthread-safety --arg=-Wthread-safety-negative
//
// Negative capabilities are checked where a tree asks the compiler for it.

#include <lockvet/thread_safety.h>

class LV_CAPABILITY("mutex") Mutex {
public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
  const Mutex& operator!() const { return *this; }
};

class Queue {
public:
  void push() LV_REQUIRES(!mutex_);
  void push_twice() LV_REQUIRES(!mutex_);
  void forgets();

private:
  Mutex mutex_;
};

void Queue::push() { // silent
  mutex_.lock();
  mutex_.unlock();
}

void Queue::push_twice() { // silent
  push();
  push();
}

void Queue::forgets() {
  // lockvet-warning@+1{{thread-safety-negative: acquiring mutex 'mutex_' requires negative}}
  mutex_.lock();
  mutex_.unlock();
}
