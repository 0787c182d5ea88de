// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_CONTEXT and LV_REQUIRES_CONTEXT: a function that runs at its object's home thread only.

#include "../Inputs/loop.h"

void process(struct Queue* q) LV_REQUIRES_CONTEXT(q->loop);
void timer_fire(struct Loop* l) LV_REQUIRES_CONTEXT(l);

void from_anywhere(struct Queue* q) {
  process(q);
  // expected-warning@-1 {{requires holding context 'q->loop' exclusively}}
}

void from_another_home(struct Queue* q, struct Loop* l) LV_REQUIRES_CONTEXT(l);
void from_another_home(struct Queue* q, struct Loop* l) {
  timer_fire(l);
  process(q);
  // expected-warning@-1 {{requires holding context 'q->loop' exclusively}}
  // expected-note@-2 0-1 {{found near match}}
}

void process(struct Queue* q) {
  timer_fire(q->loop);
}

void at_home(struct Loop* l) LV_REQUIRES_CONTEXT(l);
void at_home(struct Loop* l) {
  timer_fire(l);
}
