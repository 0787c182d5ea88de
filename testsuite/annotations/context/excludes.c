// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_EXCLUDES_CONTEXT: waiting at a home thread for what is done there.

#include "../Inputs/loop.h"

void wait_for(struct Queue* q) LV_EXCLUDES_CONTEXT(q->loop);

void at_home(struct Queue* q) LV_REQUIRES_CONTEXT(q->loop);
void at_home(struct Queue* q) {
  wait_for(q);
  // expected-warning@-1 {{cannot call function 'wait_for' while context 'q->loop' is held}}
}

void once_it_is_home(struct Queue* q) {
  loop_enter(q->loop);
  wait_for(q);
  // expected-warning@-1 {{cannot call function 'wait_for' while context 'q->loop' is held}}
  loop_leave(q->loop);
}

void elsewhere(struct Queue* q) {
  wait_for(q);
}

void at_another_home(struct Queue* q, struct Loop* l) LV_REQUIRES_CONTEXT(l);
void at_another_home(struct Queue* q, struct Loop* l) {
  (void)l;
  wait_for(q);
}
