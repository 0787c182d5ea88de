// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_SHARED_CAPABILITY is held and guards like LV_CAPABILITY.

#include <lockvet/thread_safety.h>

struct LV_SHARED_CAPABILITY("epoch") Epoch { int state; };
void epoch_enter(struct Epoch* e) LV_ACQUIRE_SHARED(*e);
void epoch_leave(struct Epoch* e) LV_RELEASE_SHARED(*e);

struct Epoch epoch;
int version LV_GUARDED_BY(epoch);

int read_outside(void) {
  return version;  // expected-warning {{reading variable 'version' requires holding epoch 'epoch'}}
}

void never_left(void) {
  epoch_enter(&epoch);  // expected-note {{epoch acquired here}}
}  // expected-warning {{epoch 'epoch' is still held at the end of function}}

int read_inside(void) {
  epoch_enter(&epoch);
  int seen = version;
  epoch_leave(&epoch);
  return seen;
}

void entered_and_left(void) {
  epoch_enter(&epoch);
  epoch_leave(&epoch);
}
