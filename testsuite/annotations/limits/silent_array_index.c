// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Silent: constant indices all name the same lock.

// expected-no-diagnostics

#include "../Inputs/mutex.h"

struct Mutex locks[2];
int value LV_GUARDED_BY(locks[1]);

void the_other_one(void) {
  mutex_lock(&locks[0]);
  value++;
  mutex_unlock(&locks[0]);
}
