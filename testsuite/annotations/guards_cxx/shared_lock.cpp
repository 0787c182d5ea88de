// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// SharedLock: UniqueLock for readers.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

using lockvet::SharedLock;

bool condition();

void writes(Account& a) {
  SharedLock lock(a.mutex);
  a.balance++;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex 'a.mutex' exclusively}}
}

long while_released(Account& a) {
  SharedLock lock(a.mutex);
  lock.unlock();
  return a.balance;
  // expected-warning@-1 {{reading variable 'balance' requires holding mutex 'a.mutex'}}
}

void released_twice(Account& a) {
  SharedLock lock(a.mutex);
  lock.unlock(); // expected-note {{mutex released here}}
  lock.unlock(); // expected-warning {{releasing mutex 'a.mutex' that was not held}}
}

long try_failed(Account& a) {
  SharedLock lock(a.mutex, lockvet::defer_lock);
  return lock.try_lock() ? 0 : a.balance;
  // expected-warning@-1 {{reading variable 'balance' requires holding mutex 'a.mutex'}}
}

long released_and_taken_again(Account& a) {
  SharedLock lock(a.mutex);
  long seen = a.balance;
  lock.unlock();
  condition();
  lock.lock();
  return seen - a.balance;
}

long deferred_and_taken(Account& a) {
  SharedLock lock(a.mutex, lockvet::defer_lock);
  lock.lock();
  return a.balance;
}

long try_succeeded(Account& a) {
  SharedLock lock(a.mutex, lockvet::defer_lock);
  if (!lock.try_lock())
    return 0;
  return a.balance;
}

long in_the_scope(Account& a) {
  SharedLock lock(a.mutex);
  return a.balance;
}
