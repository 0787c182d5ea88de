// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_ASSERT_CONTEXT: a callback that the loop calls says where it is.

#include "../Inputs/loop.h"

void process(struct Queue* q) LV_REQUIRES_CONTEXT(q->loop);

void callback_says_nothing(void* opaque) {
  struct Queue* q = (struct Queue*)opaque;
  process(q); // expected-warning {{calling function 'process' requires holding context}}
}

void callback_says_it_too_late(void* opaque) {
  struct Queue* q = (struct Queue*)opaque;
  process(q); // expected-warning {{calling function 'process' requires holding context}}
  loop_assert_home(q->loop);
}

void callback(void* opaque) {
  struct Queue* q = (struct Queue*)opaque;
  loop_assert_home(q->loop);
  process(q);
}

void process(struct Queue* q) {
  loop_assert_home(q->loop);
}
