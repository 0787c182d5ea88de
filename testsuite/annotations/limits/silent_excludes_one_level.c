// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Silent: what a function excludes isn't passed on by one that is unmarked. Lockvet: lock-excluded.

// expected-no-diagnostics

#include "../Inputs/mutex.h"

struct Mutex m;
void waits(void) LV_EXCLUDES(m);

void unmarked(void) {
  waits();
}

void caller(void) {
  mutex_lock(&m);
  unmarked();
  mutex_unlock(&m);
}
