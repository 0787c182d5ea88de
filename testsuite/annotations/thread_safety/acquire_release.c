// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_ACQUIRE and LV_RELEASE: pairs have to meet on every path.

#include "../Inputs/mutex.h"

struct Mutex m;
struct Mutex n;
int condition(void);

void begin(void) LV_ACQUIRE(m, n);
void end(void) LV_RELEASE(m, n);

void kept(void) {
  mutex_lock(&m);  // expected-note {{mutex acquired here}}
}  // expected-warning {{mutex 'm' is still held at the end of function}}

void released_twice(void) {
  mutex_lock(&m);
  mutex_unlock(&m);  // expected-note {{mutex released here}}
  mutex_unlock(&m);  // expected-warning {{releasing mutex 'm' that was not held}}
}

void kept_on_one_path(void) {
  mutex_lock(&m);  // expected-note {{mutex acquired here}}
  if (condition())
    return;
  mutex_unlock(&m);
}  // expected-warning {{mutex 'm' is not held on every path through here}}

void locked_in_a_loop(void) {
  while (condition())  // expected-warning {{expecting mutex 'm' to be held at start of each loop}}
    mutex_lock(&m);    // expected-note {{mutex acquired here}}
}

// A body that doesn't keep its own contract.
void begin(void) {  // expected-note {{mutex acquired here}}
  mutex_lock(&m);
}  // expected-warning {{expecting mutex 'n' to be held at the end of function}}

void pair(void) {
  mutex_lock(&m);
  mutex_unlock(&m);
}

void early_return(void) {
  mutex_lock(&m);
  if (condition()) {
    mutex_unlock(&m);
    return;
  }
  mutex_unlock(&m);
}

void goto_out(void) {
  mutex_lock(&m);
  if (condition())
    goto out;
  condition();
out:
  mutex_unlock(&m);
}

void in_a_loop(void) {
  while (condition()) {
    mutex_lock(&m);
    mutex_unlock(&m);
  }
}

void two_at_once(void) {
  begin();
  end();
}

void end(void) {
  mutex_unlock(&n);
  mutex_unlock(&m);
}
