// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// LV_SCOPED_CAPABILITY: an object of the class is what holds the lock.

#include "../Inputs/mutex.hpp"

class LV_SCOPED_CAPABILITY Guard {
 public:
  explicit Guard(SharedMutex& m) LV_ACQUIRE(m) : mutex_(m) { mutex_.lock(); }
  ~Guard() LV_RELEASE() { mutex_.unlock(); }

 private:
  SharedMutex& mutex_;
};

// The same class without the mark: its destructor means nothing to the analysis.
class Unmarked {
 public:
  explicit Unmarked(SharedMutex& m) LV_ACQUIRE(m);
  ~Unmarked();
};

long after_the_scope(Account& a) {
  { Guard guard(a.mutex); }
  return a.balance;
  // expected-warning@-1 {{reading variable 'balance' requires holding mutex 'a.mutex'}}
}

void twice(Account& a) {
  Guard outer(a.mutex);  // expected-note {{mutex acquired here}}
  Guard inner(a.mutex);  // expected-warning {{acquiring mutex 'a.mutex' that is already held}}
}

void unmarked(Account& a) {
  Unmarked guard(a.mutex);  // expected-note {{mutex acquired here}}
}  // expected-warning {{mutex 'a.mutex' is still held at the end of function}}

long in_the_scope(Account& a) {
  Guard guard(a.mutex);
  return a.balance;
}

void two_mutexes(Account& a, Account& b) {
  Guard first(a.mutex);
  Guard second(b.mutex);
  a.balance += b.balance;
}

// On a parameter that is a guard: which lock must be behind it.
void deposit(Account& a,  // expected-note {{see attribute on parameter here}}
             Guard& guard LV_REQUIRES(a.mutex));

void passed_on(Account& a) {
  Guard guard(a.mutex);
  deposit(a, guard);
}

void passed_on_another(Account& a, Account& b) {
  Guard outer(a.mutex);
  Guard guard(b.mutex);
  deposit(a, guard);
  // expected-warning@-1 {{mutex managed by 'guard' is 'b.mutex' instead of 'a.mutex'}}
}
