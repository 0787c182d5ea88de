// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_EXCLUDES: the caller doesn't hold the lock, in any mode.

#include "../Inputs/mutex.h"

struct RwLock lock;
struct RwLock other;
void audit(void) LV_EXCLUDES(lock);
void audit_both(void) LV_EXCLUDES(lock, other);

void while_writer(void) {
  rw_wrlock(&lock);
  audit();  // expected-warning {{cannot call function 'audit' while rwlock 'lock' is held}}
  rw_wrunlock(&lock);
}

void while_reader(void) {
  rw_rdlock(&lock);
  audit();  // expected-warning {{cannot call function 'audit' while rwlock 'lock' is held}}
  rw_rdunlock(&lock);
}

void required(void) LV_REQUIRES_SHARED(other);
void required(void) {
  audit_both();
  // expected-warning@-1 {{cannot call function 'audit_both' while rwlock 'other' is held}}
}

void before_and_after(void) {
  audit();
  rw_wrlock(&lock);
  rw_wrunlock(&lock);
  audit();
}

void while_another(void) {
  rw_wrlock(&other);
  audit();
  rw_wrunlock(&other);
}

void passed_on(void) LV_EXCLUDES(lock);
void passed_on(void) {
  audit();
}

// The function that takes the lock is the one that says so.
void audit(void) {
  rw_rdlock(&lock);
  rw_rdunlock(&lock);
}
