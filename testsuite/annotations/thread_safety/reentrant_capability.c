// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_REENTRANT_CAPABILITY: the holder may acquire again, and must release as often.

#include "../Inputs/mutex.h"

struct LV_CAPABILITY("mutex") LV_REENTRANT_CAPABILITY RecMutex { int depth; };
void rec_lock(struct RecMutex* m) LV_ACQUIRE(*m);
void rec_unlock(struct RecMutex* m) LV_RELEASE(*m);

struct RecMutex rec;
struct Mutex plain;
int value LV_GUARDED_BY(rec);

void plain_twice(void) {
  mutex_lock(&plain);  // expected-note {{mutex acquired here}}
  mutex_lock(&plain);  // expected-warning {{acquiring mutex 'plain' that is already held}}
  mutex_unlock(&plain);
}

void released_once_too_few(void) {
  rec_lock(&rec);  // expected-note {{mutex acquired here}}
  rec_lock(&rec);
  rec_unlock(&rec);
}  // expected-warning {{mutex 'rec' is still held at the end of function}}

void released_once_too_often(void) {
  rec_lock(&rec);
  rec_unlock(&rec);  // expected-note {{mutex released here}}
  rec_unlock(&rec);  // expected-warning {{releasing mutex 'rec' that was not held}}
}

void nested(void) {
  rec_lock(&rec);
  rec_lock(&rec);
  rec_unlock(&rec);
  value++;
  rec_unlock(&rec);
}

void nested_under_a_contract(void) LV_REQUIRES(rec);
void nested_under_a_contract(void) {
  rec_lock(&rec);
  value++;
  rec_unlock(&rec);
}

void plain_one_after_the_other(void) {
  mutex_lock(&plain);
  mutex_unlock(&plain);
  mutex_lock(&plain);
  mutex_unlock(&plain);
}
