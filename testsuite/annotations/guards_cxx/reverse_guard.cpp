// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// ReverseGuard and SharedReverseGuard: not held inside, held again after.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

using lockvet::LockGuard;
using lockvet::ReverseGuard;
using lockvet::SharedLockGuard;
using lockvet::SharedReverseGuard;
using lockvet::UniqueLock;

void callback(Account& a) LV_EXCLUDES(a.mutex);

void used_inside(Account& a) {
  LockGuard guard(a.mutex);
  ReverseGuard unlocked(a.mutex);
  a.balance++;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
}

void not_held_before(Account& a) {
  ReverseGuard unlocked(a.mutex);
  // expected-warning@-1 {{releasing mutex 'a.mutex' that was not held}}
}
// expected-note@-1 {{mutex acquired here}}
// expected-warning@-2 {{mutex 'a.mutex' is still held at the end of function}}

void held_again_after(Account& a) {
  LockGuard guard(a.mutex);
  {
    ReverseGuard unlocked(a.mutex);
    callback(a);
  }
  callback(a); // expected-warning {{cannot call function 'callback' while mutex 'a.mutex' is held}}
}

long shared_used_inside(Account& a) {
  SharedLockGuard guard(a.mutex);
  SharedReverseGuard unlocked(a.mutex);
  return a.balance;
  // expected-warning@-1 {{reading variable 'balance' requires holding mutex 'a.mutex'}}
}

void shared_is_shared_after(Account& a) {
  SharedLockGuard guard(a.mutex);
  {
    SharedReverseGuard unlocked(a.mutex);
  }
  a.balance++;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
}

void shared_over_exclusive(Account& a) {
  UniqueLock lock(a.mutex); // expected-note {{mutex acquired here}}
  {
    SharedReverseGuard unlocked(a.mutex);
    // expected-warning@-1 {{using shared access, expected exclusive access}}
  }
}

void under_a_guard(Account& a) {
  LockGuard guard(a.mutex);
  a.balance++;
  {
    ReverseGuard unlocked(a.mutex);
    callback(a);
  }
  a.balance++;
}

void under_a_contract(Account& a) LV_REQUIRES(a.mutex);
void under_a_contract(Account& a) {
  ReverseGuard unlocked(a.mutex);
  callback(a);
}

void under_a_relockable_guard(Account& a) {
  UniqueLock lock(a.mutex);
  {
    ReverseGuard unlocked(a.mutex);
    callback(a);
  }
  a.balance++;
  lock.unlock();
}

long shared_under_a_guard(Account& a) {
  SharedLockGuard guard(a.mutex);
  {
    SharedReverseGuard unlocked(a.mutex);
    callback(a);
  }
  return a.balance;
}

void in_a_loop(Account& a) {
  LockGuard guard(a.mutex);
  while (a.balance > 0) {
    ReverseGuard unlocked(a.mutex);
    callback(a);
  }
}
