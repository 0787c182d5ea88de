// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// UniqueLock: can be released and taken again.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

using lockvet::UniqueLock;

bool condition();

long while_released(Account& a) {
  UniqueLock lock(a.mutex);
  lock.unlock();
  return a.balance;
  // expected-warning@-1 {{reading variable 'balance' requires holding mutex 'a.mutex'}}
}

void taken_twice(Account& a) {
  UniqueLock lock(a.mutex); // expected-note {{mutex acquired here}}
  lock.lock();              // expected-warning {{acquiring mutex 'a.mutex' that is already held}}
}

void released_twice(Account& a) {
  UniqueLock lock(a.mutex);
  lock.unlock(); // expected-note {{mutex released here}}
  lock.unlock(); // expected-warning {{releasing mutex 'a.mutex' that was not held}}
}

void released_on_one_path(Account& a) {
  UniqueLock lock(a.mutex);
  if (condition())
    lock.unlock();
  a.balance++;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
}

void deferred(Account& a) {
  UniqueLock lock(a.mutex, lockvet::defer_lock);
  a.balance++;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
}

void try_failed(Account& a) {
  UniqueLock lock(a.mutex, lockvet::defer_lock);
  if (!lock.try_lock())
    a.balance++;
    // expected-warning@-1 {{requires holding mutex 'a.mutex' exclusively}}
}

void try_unchecked(Account& a) {
  UniqueLock lock(a.mutex, lockvet::defer_lock);
  lock.try_lock();
  a.balance++;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
}

void released_and_taken_again(Account& a) {
  UniqueLock lock(a.mutex);
  a.balance++;
  lock.unlock();
  condition();
  lock.lock();
  a.balance++;
}

void released_for_good(Account& a) {
  UniqueLock lock(a.mutex);
  a.balance++;
  lock.unlock();
}

void released_before_a_return(Account& a) {
  UniqueLock lock(a.mutex);
  if (condition()) {
    lock.unlock();
    condition();
    return;
  }
  a.balance++;
}

void deferred_and_taken(Account& a) {
  UniqueLock lock(a.mutex, lockvet::defer_lock);
  condition();
  lock.lock();
  a.balance++;
}

void deferred_and_never_taken(Account& a) {
  UniqueLock lock(a.mutex, lockvet::defer_lock);
}

void try_succeeded(Account& a) {
  UniqueLock lock(a.mutex, lockvet::defer_lock);
  if (lock.try_lock())
    a.balance++;
}

void try_or_return(Account& a) {
  UniqueLock lock(a.mutex, lockvet::defer_lock);
  if (!lock.try_lock())
    return;
  a.balance++;
}
