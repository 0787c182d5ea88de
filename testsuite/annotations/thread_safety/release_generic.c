// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_RELEASE_GENERIC: one unlock function for both modes.

#include "../Inputs/mutex.h"

void rw_unlock(struct RwLock* l) LV_RELEASE_GENERIC(*l);

struct RwLock lock;

void not_held(void) {
  rw_unlock(&lock);  // expected-warning {{releasing rwlock 'lock' that was not held}}
}

void released_twice(void) {
  rw_rdlock(&lock);
  rw_unlock(&lock);  // expected-note {{rwlock released here}}
  rw_unlock(&lock);  // expected-warning {{releasing rwlock 'lock' that was not held}}
}

void as_reader(void) {
  rw_rdlock(&lock);
  rw_unlock(&lock);
}

void as_writer(void) {
  rw_wrlock(&lock);
  rw_unlock(&lock);
}
