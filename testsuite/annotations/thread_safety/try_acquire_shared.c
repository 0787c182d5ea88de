// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_TRY_ACQUIRE_SHARED: on success the lock is held for reading.

#include <stdbool.h>

#include "../Inputs/mutex.h"

bool rw_tryrdlock(struct RwLock* l) LV_TRY_ACQUIRE_SHARED(true, *l);

struct RwLock lock;
int value LV_GUARDED_BY(lock);

int wrong_branch(void) {
  if (rw_tryrdlock(&lock)) {
    rw_rdunlock(&lock);
    return 0;
  }
  return value;  // expected-warning {{reading variable 'value' requires holding rwlock 'lock'}}
}

void writes_as_reader(void) {
  if (rw_tryrdlock(&lock)) {
    value = 1;
    // expected-warning@-1 {{writing variable 'value' requires holding rwlock 'lock' exclusively}}
    rw_rdunlock(&lock);
  }
}

int checked(void) {
  int seen = 0;
  if (rw_tryrdlock(&lock)) {
    seen = value;
    rw_rdunlock(&lock);
  }
  return seen;
}

int tried_until_held(void) {
  while (!rw_tryrdlock(&lock)) {
  }
  int seen = value;
  rw_rdunlock(&lock);
  return seen;
}
