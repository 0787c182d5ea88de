// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// Alarm: a guard passed by reference is a stranger to the function that gets it. Say on the
// parameter which lock is behind it, or pass the mutex and require it.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

using Lock = lockvet::UniqueLock<SharedMutex>;

void waits(Lock& lock) {
  lock.unlock(); // expected-warning {{releasing mutex 'lock' that was not held}}
  lock.lock();   // expected-note {{mutex acquired here}}
} // expected-warning {{mutex 'lock' is still held at the end of function}}

void waits_for(Account& a) LV_REQUIRES(a.mutex);
void waits_for(Account& a) {
  lockvet::ReverseGuard unlocked(a.mutex);
}

long caller(Account& a) {
  Lock lock(a.mutex);
  waits_for(a);
  return a.balance;
}
