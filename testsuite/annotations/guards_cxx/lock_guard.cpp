// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// LockGuard: held from its declaration to the end of its scope.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

using lockvet::LockGuard;

long after_the_scope(Account& a) {
  {
    LockGuard guard(a.mutex);
  }
  return a.balance;
  // expected-warning@-1 {{reading variable 'balance' requires holding mutex 'a.mutex'}}
}

void twice(Account& a) {
  LockGuard outer(a.mutex); // expected-note {{mutex acquired here}}
  LockGuard inner(a.mutex); // expected-warning {{acquiring mutex 'a.mutex' that is already held}}
}

void of_another(Account& a, Account& b) {
  LockGuard guard(b.mutex);
  a.balance = 0;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
  // expected-note@-2 {{found near match 'b.mutex'}}
}

void used_after_a_release_by_hand(Account& a) {
  LockGuard guard(a.mutex);
  a.mutex.unlock();
  a.balance = 0;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
}

// Without a name it lives to the end of the statement.
void without_a_name(Account& a) {
  static_cast<void>(LockGuard<SharedMutex>{a.mutex});
  a.balance++;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
}

long in_the_scope(Account& a) {
  LockGuard guard(a.mutex);
  if (a.balance < 0)
    return 0;
  return a.balance;
}

void in_a_loop(Account& a) {
  for (int i = 0; i < 3; i++) {
    LockGuard guard(a.mutex);
    if (a.balance == i)
      continue;
    a.balance++;
  }
}

void two(Account& a, Account& b) {
  LockGuard first(a.mutex);
  LockGuard second(b.mutex);
  a.balance += b.balance;
}

void with_the_type_spelled_out(Account& a) {
  lockvet::LockGuard<SharedMutex> guard(a.mutex);
  a.balance++;
}

void in_an_if(Account& a) {
  if (LockGuard guard(a.mutex); a.balance > 0)
    a.balance--;
}
