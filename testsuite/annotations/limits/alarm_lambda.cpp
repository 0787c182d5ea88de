// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// Alarm: a lambda is a function of its own and inherits nothing from where it stands. Say what it
// requires; then a call through a template is checked too.

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

void inherits_nothing(Account& a) {
  lockvet::LockGuard guard(a.mutex);
  auto add = [&a] {
    a.balance++;
    // expected-warning@-1 {{requires holding mutex 'a.mutex' exclusively}}
  };
  add();
}

void says_so(Account& a) {
  lockvet::LockGuard guard(a.mutex);
  auto add = [&a]() LV_REQUIRES(a.mutex) { a.balance++; };
  add();
}

void says_so_and_is_called_without(Account& a) {
  auto add = [&a]() LV_REQUIRES(a.mutex) { a.balance++; };
  add(); // expected-warning {{requires holding mutex 'a.mutex' exclusively}}
}
