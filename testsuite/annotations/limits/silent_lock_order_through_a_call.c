// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Silent: one function takes the second lock for another, so no function shows both orders.
// Lockvet: lock-order.

// expected-no-diagnostics

#include "../Inputs/mutex.h"

struct Mutex first;
struct Mutex second LV_ACQUIRED_AFTER(first);

void take_first(void) {
  mutex_lock(&first);
  mutex_unlock(&first);
}

void turned_round(void) {
  mutex_lock(&second);
  take_first();
  mutex_unlock(&second);
}
