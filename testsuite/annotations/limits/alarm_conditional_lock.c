// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Alarm: a lock that is taken and released under the same condition. Make it two functions, one of
// which requires the lock, while the other takes it.

#include "../Inputs/mutex.h"

struct Mutex m;
int value LV_GUARDED_BY(m);
void work(void);

void conditional(int locking) {
  if (locking)
    mutex_lock(&m); // expected-note {{mutex acquired here}}
  work();           // expected-warning {{mutex 'm' is not held on every path through here}}
  if (locking)
    mutex_unlock(&m); // expected-warning {{releasing mutex 'm' that was not held}}
}

void bump_locked(void) LV_REQUIRES(m);
void bump_locked(void) {
  value++;
}

void bump(void) {
  mutex_lock(&m);
  bump_locked();
  mutex_unlock(&m);
}
