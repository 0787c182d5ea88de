// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_DEFINE_SHARED_GUARD: a guard that reads.

#include "../Inputs/guarded.h"

void writes_as_reader(struct Account* a) {
  LV_GUARD(rw_read, &a->log_lock);
  a->log++; // c-warning {{requires holding rwlock '&Account::log_lock' exclusively}}
            // cxx-warning@-1 {{requires holding rwlock 'a->log_lock' exclusively}}
}

void upgraded_in_place(struct Account* a) {
  LV_GUARD(rw_read, &a->log_lock); // expected-note 2 {{rwlock acquired here}}
  // expected-warning@-1 {{releasing rwlock 'a->log_lock' that was not held}}
  LV_GUARD(rw_write, &a->log_lock); // expected-note {{rwlock released here}}
  // expected-warning@-1 {{acquiring rwlock 'a->log_lock' that is already held}}
  // expected-warning@-2 {{using exclusive access, expected shared access}}
}

long reads(struct Account* a) {
  LV_GUARD(rw_read, &a->log_lock);
  return a->log;
}

void writes(struct Account* a) {
  LV_GUARD(rw_write, &a->log_lock);
  a->log++;
}

void reads_then_writes(struct Account* a) {
  long seen;
  {
    LV_GUARD(rw_read, &a->log_lock);
    seen = a->log;
  }
  LV_GUARD(rw_write, &a->log_lock);
  a->log = seen + 1;
}
