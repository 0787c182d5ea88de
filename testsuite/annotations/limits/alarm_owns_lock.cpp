// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// Alarm: asking a guard whether it holds the lock teaches the analysis nothing. Let the control
// flow, not the guard, remember.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

long asked(Account& a, bool early) {
  lockvet::UniqueLock lock(a.mutex);
  if (early)
    lock.unlock();
  return lock.owns_lock() ? a.balance : 0;
  // expected-warning@-1 {{reading variable 'balance' requires holding mutex 'a.mutex'}}
}

long remembered(Account& a, bool early) {
  lockvet::UniqueLock lock(a.mutex);
  if (early) {
    lock.unlock();
    return 0;
  }
  return a.balance;
}
