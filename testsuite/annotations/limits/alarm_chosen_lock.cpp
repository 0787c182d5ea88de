// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// Alarm: a guard over one of two mutexes guards neither. Choose the object, then guard its mutex.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

void chosen_mutex(Account& a, Account& b, bool first) {
  lockvet::LockGuard guard(first ? a.mutex : b.mutex);
  (first ? a : b).balance++;
  // expected-warning@-1 {{writing variable 'balance' requires holding mutex}}
  // expected-note@-2 0-1 {{found near match}}
}

void chosen_object(Account& a, Account& b, bool first) {
  Account& chosen = first ? a : b;
  lockvet::LockGuard guard(chosen.mutex);
  chosen.balance++;
}
