// RUN: %tsa_cxx17 -Wthread-safety-negative %s
// RUN: %tsa_cxx23 -Wthread-safety-negative %s
// RUN: %gxx_cxx17 %s

// LV_REQUIRES(!&mutex) in a class; and LV_REQUIRES(!mutex), for a capability with an `operator!`.

#include "../Inputs/mutex.hpp"

class LV_CAPABILITY("mutex") Negatable {
public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
  // Only for `!mutex` to be an expression; never called.
  const Negatable& operator!() const { return *this; }
};

class Queue {
public:
  void push() LV_REQUIRES(!&mutex_) {
    mutex_.lock();
    mutex_.unlock();
  }
  void push_twice() LV_REQUIRES(!&mutex_) {
    push();
    push();
  }
  void by_operator() LV_REQUIRES(!other_) {
    other_.lock();
    other_.unlock();
  }
  void by_operator_passed_on() LV_REQUIRES(!other_) { by_operator(); }

  void says_nothing() {
    push(); // expected-warning {{calling function 'push' requires negative capability '!mutex_'}}
  }
  void by_operator_says_nothing() {
    by_operator(); // expected-warning {{requires negative capability '!other_'}}
  }
  void holding() LV_REQUIRES(mutex_) {
    push(); // expected-warning {{cannot call function 'push' while mutex 'mutex_' is held}}
  }

private:
  SharedMutex mutex_;
  Negatable other_;
};
