// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// adopt_lock: the guard takes over a lock that is held already.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

using lockvet::adopt_lock;
using lockvet::LockGuard;
using lockvet::SharedLock;
using lockvet::SharedLockGuard;
using lockvet::UniqueLock;

void nothing_to_adopt(Account& a) {
  LockGuard guard(a.mutex, adopt_lock);
  // expected-warning@-1 {{requires holding mutex 'a.mutex' exclusively}}
}

void nothing_to_adopt_relockable(Account& a) {
  UniqueLock lock(a.mutex, adopt_lock);
  // expected-warning@-1 {{requires holding mutex 'a.mutex' exclusively}}
}

void adopted_as_writer(Account& a) {
  a.mutex.lock_shared();
  LockGuard guard(a.mutex, adopt_lock);
  // expected-warning@-1 {{requires holding mutex 'a.mutex' exclusively}}
}

long after_the_scope(Account& a) {
  a.mutex.lock_shared();
  {
    SharedLockGuard guard(a.mutex, adopt_lock);
  }
  return a.balance;
  // expected-warning@-1 {{reading variable 'balance' requires holding mutex 'a.mutex'}}
}

void adopted(Account& a) {
  a.mutex.lock();
  LockGuard guard(a.mutex, adopt_lock);
  a.balance++;
}

void adopted_relockable(Account& a) {
  a.mutex.lock();
  UniqueLock lock(a.mutex, adopt_lock);
  a.balance++;
  lock.unlock();
  lock.lock();
  a.balance++;
}

long adopted_shared(Account& a) {
  a.mutex.lock_shared();
  SharedLockGuard guard(a.mutex, adopt_lock);
  return a.balance;
}

long adopted_shared_relockable(Account& a) {
  a.mutex.lock_shared();
  SharedLock lock(a.mutex, adopt_lock);
  return a.balance;
}

void adopted_from_a_trylock(Account& a) {
  if (!a.mutex.try_lock())
    return;
  LockGuard guard(a.mutex, adopt_lock);
  a.balance++;
}
