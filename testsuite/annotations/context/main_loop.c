// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_MAIN_LOOP: a role that callers hand on, and that owns data.

#include "../Inputs/loop.h"

static int devices LV_OWNED_BY_CONTEXT(lockvet_main_loop);
void main_loop_run(void) LV_ENTER_CONTEXT(lockvet_main_loop);
void main_loop_quit(void) LV_LEAVE_CONTEXT(lockvet_main_loop);

static void LV_MAIN_LOOP plug(void) {
  devices++;
}

struct Monitor {
  void (*command)(void) LV_OWNED_BY_CONTEXT(lockvet_main_loop);
};

void from_anywhere(void) {
  plug();
  // expected-warning@-1 {{requires holding role 'lockvet_main_loop' exclusively}}
}

int read_from_anywhere(void) {
  return devices;
  // expected-warning@-1 {{reading variable 'devices' requires holding role 'lockvet_main_loop'}}
}

void through_a_pointer(struct Monitor* m) {
  m->command();
  // expected-warning@-1 {{reading variable 'command' requires holding role 'lockvet_main_loop'}}
}

void at_another_home(struct Loop* l) LV_REQUIRES_CONTEXT(l);
void at_another_home(struct Loop* l) {
  (void)l;
  plug();
  // expected-warning@-1 {{requires holding role 'lockvet_main_loop' exclusively}}
}

int run(struct Monitor* m) {
  main_loop_run();
  plug();
  m->command();
  int seen = devices;
  main_loop_quit();
  return seen;
}

void LV_MAIN_LOOP passed_on(void);
void passed_on(void) {
  plug();
}
