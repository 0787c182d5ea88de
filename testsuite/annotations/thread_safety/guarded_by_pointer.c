// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// The address of guarded data leaves the guard's reach. -Wthread-safety-pointer, which neither
// -Wthread-safety nor -Wthread-safety-beta turns on, reports it.

#include "../Inputs/mutex.h"

#if defined(__clang__)
#pragma clang diagnostic warning "-Wthread-safety-pointer"
#endif

struct Mutex lock;
int value LV_GUARDED_BY(lock);
int* target LV_PT_GUARDED_BY(lock);
void use(int* p);

int* returned(void) {
  return &value;
  // expected-warning@-1 {{returning pointer to variable 'value' requires holding mutex 'lock'}}
}

void passed(void) {
  use(&value);
  // expected-warning@-1 {{passing pointer to variable 'value' requires holding mutex 'lock'}}
  use(target);  // expected-warning {{passing pointer 'target' requires holding mutex 'lock'}}
}

void passed_with_the_lock(void) {
  mutex_lock(&lock);
  use(&value);
  use(target);
  mutex_unlock(&lock);
}

int compared(const int* p) {
  return p == &value;
}
