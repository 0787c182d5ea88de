// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_ACQUIRE_SHARED and LV_RELEASE_SHARED: the modes have to match.

#include "../Inputs/mutex.h"

struct RwLock lock;
int value LV_GUARDED_BY(lock);

void released_as_writer(void) {
  rw_rdlock(&lock);    // expected-note {{rwlock acquired here}}
  rw_wrunlock(&lock);
  // expected-warning@-1 {{releasing rwlock 'lock' using exclusive access, expected shared access}}
}

void released_as_reader(void) {
  rw_wrlock(&lock);    // expected-note {{rwlock acquired here}}
  rw_rdunlock(&lock);
  // expected-warning@-1 {{releasing rwlock 'lock' using shared access, expected exclusive access}}
}

void upgraded_in_place(void) {
  rw_rdlock(&lock);  // expected-note {{rwlock acquired here}}
  rw_wrlock(&lock);  // expected-warning {{acquiring rwlock 'lock' that is already held}}
  rw_rdunlock(&lock);
}

void kept(void) {
  rw_rdlock(&lock);  // expected-note {{rwlock acquired here}}
}  // expected-warning {{rwlock 'lock' is still held at the end of function}}

int reader(void) {
  rw_rdlock(&lock);
  int seen = value;
  rw_rdunlock(&lock);
  return seen;
}

void writer(void) {
  rw_wrlock(&lock);
  value++;
  rw_wrunlock(&lock);
}

void upgraded_through_nothing(void) {
  rw_rdlock(&lock);
  rw_rdunlock(&lock);
  rw_wrlock(&lock);
  rw_wrunlock(&lock);
}

void begin_reading(void) LV_ACQUIRE_SHARED(lock);
void begin_reading(void) {
  rw_rdlock(&lock);
}
