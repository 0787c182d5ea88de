// RUN: %tsa_c11 -Wthread-safety-negative %s
// RUN: %tsa_cxx17 -Wthread-safety-negative %s
// RUN: %tsa_cxx23 -Wthread-safety-negative %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_REQUIRES(!&mutex): not holding it is passed up from caller to caller, where LV_EXCLUDES stops
// at the first. -Wthread-safety-negative asks for it wherever the lock is taken, too.

#include "../Inputs/mutex.h"

struct Mutex m;
void push(void) LV_REQUIRES(!&m);
void push_twice(void) LV_REQUIRES(!&m);

void says_nothing(void) {
  push(); // expected-warning {{calling function 'push' requires negative capability '!m'}}
}

void takes_it_and_says_nothing(void) {
  mutex_lock(&m); // expected-warning {{acquiring mutex 'm' requires negative capability '!m'}}
  mutex_unlock(&m);
}

void holding(void) LV_REQUIRES(m);
void holding(void) {
  push(); // expected-warning {{cannot call function 'push' while mutex 'm' is held}}
}

void push(void) {
  mutex_lock(&m);
  mutex_unlock(&m);
}

void push_twice(void) {
  push();
  push();
}

void only_excludes(void) LV_EXCLUDES(m);
void calls_only_excludes(void) {
  only_excludes();
}
