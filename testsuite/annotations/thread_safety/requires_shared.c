// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_REQUIRES_SHARED: the caller holds the lock in either mode.

#include "../Inputs/mutex.h"

struct RwLock lock;
long balance LV_GUARDED_BY(lock);

long get(void) LV_REQUIRES_SHARED(lock);
void set(long n) LV_REQUIRES(lock);

long without(void) {
  return get();  // expected-warning {{calling function 'get' requires holding rwlock 'lock'}}
}

void writes_as_reader(void) LV_REQUIRES_SHARED(lock);
void writes_as_reader(void) {
  balance = 1;
  // expected-warning@-1 {{writing variable 'balance' requires holding rwlock 'lock' exclusively}}
}

void calls_a_writer_as_reader(void) LV_REQUIRES_SHARED(lock);
void calls_a_writer_as_reader(void) {
  set(1);  // expected-warning {{calling function 'set' requires holding rwlock 'lock' exclusively}}
}

long get(void) {
  return balance;
}

long while_reader(void) {
  rw_rdlock(&lock);
  long seen = get();
  rw_rdunlock(&lock);
  return seen;
}

long while_writer(void) {
  rw_wrlock(&lock);
  long seen = get();
  set(seen + 1);
  rw_wrunlock(&lock);
  return seen;
}

long passed_on(void) LV_REQUIRES_SHARED(lock);
long passed_on(void) {
  return get();
}
