// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_ENTER_CONTEXT and LV_LEAVE_CONTEXT: the loop itself, and a coroutine that moves.

#include "../Inputs/loop.h"

void tick(struct Loop* l) LV_REQUIRES_CONTEXT(l);
void co_move(struct Loop* from, struct Loop* to) LV_LEAVE_CONTEXT(from) LV_ENTER_CONTEXT(to);

void never_left(struct Loop* l) {
  loop_enter(l); // expected-note {{context acquired here}}
  tick(l);
} // expected-warning {{context 'l' is still held at the end of function}}

void left_before(struct Loop* l) {
  loop_enter(l);
  loop_leave(l);
  tick(l); // expected-warning {{calling function 'tick' requires holding context 'l' exclusively}}
}

void moved_away(struct Loop* a, struct Loop* b) {
  loop_enter(a);
  co_move(a, b);
  tick(a); // expected-warning {{calling function 'tick' requires holding context 'a' exclusively}}
           // expected-note@-1 0-1 {{found near match}}
  loop_leave(b);
}

void in_between(struct Loop* l) {
  loop_enter(l);
  tick(l);
  loop_leave(l);
}

void moved(struct Loop* a, struct Loop* b) {
  loop_enter(a);
  tick(a);
  co_move(a, b);
  tick(b);
  loop_leave(b);
}
