// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Two LV_GUARDED_BY on one variable: both locks are needed, also to read.

#include "../Inputs/mutex.h"

struct Mutex first;
struct Mutex second;
int value LV_GUARDED_BY(first) LV_GUARDED_BY(second);

void under_the_first(void) {
  mutex_lock(&first);
  value++;
  // expected-warning@-1 {{writing variable 'value' requires holding mutex 'second' exclusively}}
  mutex_unlock(&first);
}

int read_under_the_second(void) {
  mutex_lock(&second);
  int seen = value;  // expected-warning {{reading variable 'value' requires holding mutex 'first'}}
  mutex_unlock(&second);
  return seen;
}

void under_both(void) {
  mutex_lock(&first);
  mutex_lock(&second);
  value++;
  mutex_unlock(&second);
  mutex_unlock(&first);
}

int read_under_both(void) LV_REQUIRES_SHARED(first, second);
int read_under_both(void) {
  return value;
}
