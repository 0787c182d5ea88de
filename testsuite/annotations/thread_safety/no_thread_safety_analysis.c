// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_NO_THREAD_SAFETY_ANALYSIS turns the analysis off in the body, and nowhere else.

#include "../Inputs/mutex.h"

struct Mutex m;
int value LV_GUARDED_BY(m);

// The contract of a function whose body isn't analysed still binds its callers.
void lock_by_hand(void) LV_ACQUIRE(m) LV_NO_THREAD_SAFETY_ANALYSIS("implements " "the lock");
void lock_by_hand(void) {
}

void off_before_the_name(void);
void LV_NO_THREAD_SAFETY_ANALYSIS("no other thread has started") off_before_the_name(void) {
  value = 1;
}

static inline int off_after_the_parameters(void)
    LV_NO_THREAD_SAFETY_ANALYSIS("an estimate is enough") {
  return value;
}

void on(void) {
  value = off_after_the_parameters();
  // expected-warning@-1 {{writing variable 'value' requires holding mutex 'm' exclusively}}
}

void caller_keeps(void) {
  lock_by_hand();  // expected-note {{mutex acquired here}}
}  // expected-warning {{mutex 'm' is still held at the end of function}}

void caller_gives_back(void) {
  lock_by_hand();
  value++;
  mutex_unlock(&m);
}
