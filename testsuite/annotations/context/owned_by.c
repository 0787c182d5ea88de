// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_OWNED_BY_CONTEXT: data without a lock, since one thread has it.

#include "../Inputs/loop.h"

void from_anywhere(struct Queue* q) {
  q->in_flight++;
  // c-warning@-1 {{requires holding context '&Queue::loop' exclusively}}
  // cxx-warning@-2 {{writing variable 'in_flight' requires holding context 'q->loop' exclusively}}
}

int read_from_anywhere(struct Queue* q) {
  return q->in_flight;
  // c-warning@-1 {{reading variable 'in_flight' requires holding context '&Queue::loop'}}
  // cxx-warning@-2 {{reading variable 'in_flight' requires holding context 'q->loop'}}
}

void at_home(struct Queue* q) LV_REQUIRES_CONTEXT(q->loop);
void at_home(struct Queue* q) {
  q->in_flight++;
}

int once_it_is_home(struct Queue* q) {
  loop_enter(q->loop);
  int seen = q->in_flight;
  loop_leave(q->loop);
  return seen;
}
