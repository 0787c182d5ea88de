// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// LV_REQUIRES(!mutex), checked by -Wthread-safety-negative: not holding it is passed up from caller
// to caller, where LV_EXCLUDES stops at the first.

#include "../Inputs/mutex.hpp"

#if defined(__clang__)
#pragma clang diagnostic warning "-Wthread-safety-negative"
#endif

class LV_CAPABILITY("mutex") Negatable {
 public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
  // What makes `!mutex` an expression that the attribute can hold; never called.
  const Negatable& operator!() const { return *this; }
};

class Queue {
 public:
  void push() LV_REQUIRES(!mutex_);
  void push_twice() LV_REQUIRES(!mutex_);
  void silent_about_it();
  void holding() LV_REQUIRES(mutex_);

 private:
  Negatable mutex_;
};

void Queue::push() {
  mutex_.lock();
  mutex_.unlock();
}

void Queue::push_twice() {
  push();
  push();
}

void Queue::silent_about_it() {
  push();  // expected-warning {{calling function 'push' requires negative capability '!mutex_'}}
}

void Queue::holding() {
  push();  // expected-warning {{cannot call function 'push' while mutex 'mutex_' is held}}
}
