// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// SharedLockGuard: reads, and doesn't write.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

using lockvet::LockGuard;
using lockvet::SharedLockGuard;

void writes(Account& a) {
  SharedLockGuard guard(a.mutex);
  a.balance++;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
}

long after_the_scope(Account& a) {
  {
    SharedLockGuard guard(a.mutex);
  }
  return a.balance;
  // expected-warning@-1 {{reading variable 'balance' requires holding mutex 'a.mutex'}}
}

void upgraded_in_place(Account& a) {
  SharedLockGuard reader(a.mutex); // expected-note {{mutex acquired here}}
  LockGuard writer(a.mutex);
  // expected-warning@-1 {{acquiring mutex 'a.mutex' that is already held}}
}

long reads(Account& a) {
  SharedLockGuard guard(a.mutex);
  return a.balance;
}

void reads_then_writes(Account& a) {
  long seen;
  {
    SharedLockGuard guard(a.mutex);
    seen = a.balance;
  }
  LockGuard guard(a.mutex);
  a.balance = seen + 1;
}

long reads_two(Account& a, Account& b) {
  SharedLockGuard first(a.mutex);
  SharedLockGuard second(b.mutex);
  return a.balance + b.balance;
}
