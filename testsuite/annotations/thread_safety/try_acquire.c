// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_TRY_ACQUIRE: held on the branch where the result says so.

#include <stdbool.h>

#include "../Inputs/mutex.h"

bool mutex_trylock(struct Mutex* m) LV_TRY_ACQUIRE(true, *m);
// As pthreads do it: zero is success.
int mutex_trylock_errno(struct Mutex* m) LV_TRY_ACQUIRE(0, *m);

struct Mutex m;
int value LV_GUARDED_BY(m);

void unchecked(void) {
  mutex_trylock(&m);
  value++;  // expected-warning {{writing variable 'value' requires holding mutex 'm' exclusively}}
}

void wrong_branch(void) {
  if (!mutex_trylock(&m))
    value++;
    // expected-warning@-1 {{writing variable 'value' requires holding mutex 'm' exclusively}}
  else
    mutex_unlock(&m);
}

void wrong_sense(void) {
  if (mutex_trylock_errno(&m))
    value++;
    // expected-warning@-1 {{writing variable 'value' requires holding mutex 'm' exclusively}}
  else
    mutex_unlock(&m);
}

void kept_on_success(void) {
  if (mutex_trylock(&m))  // expected-note {{mutex acquired here}}
    value++;
}  // expected-warning {{mutex 'm' is not held on every path through here}}

void checked(void) {
  if (mutex_trylock(&m)) {
    value++;
    mutex_unlock(&m);
  }
}

void early_return(void) {
  if (!mutex_trylock(&m))
    return;
  value++;
  mutex_unlock(&m);
}

void through_a_variable(void) {
  bool locked = mutex_trylock(&m);
  if (locked) {
    value++;
    mutex_unlock(&m);
  }
}

void right_sense(void) {
  if (mutex_trylock_errno(&m) == 0) {
    value++;
    mutex_unlock(&m);
  }
}
