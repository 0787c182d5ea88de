// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// Silent: under a C++ guard, unlocking by hand makes the destructor unlock again. Of a C guard, the
// compiler sees it.

// expected-no-diagnostics

#include "../Inputs/mutex.hpp"

#include <lockvet/guards.hpp>

void released_twice(Account& a) {
  lockvet::LockGuard guard(a.mutex);
  a.mutex.unlock();
}
