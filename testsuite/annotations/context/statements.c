// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_GLOBAL_STATE_CODE, LV_IO_CODE, LV_IO_OR_GS_CODE: only the first tells Clang anything, that the
// body is in the main loop from there on.

#include <lockvet/context.h>

void LV_MAIN_LOOP plug(void);
static int devices LV_OWNED_BY_CONTEXT(lockvet_main_loop);

void io_code(void) {
  LV_IO_CODE();
  plug();
  // expected-warning@-1 {{requires holding role 'lockvet_main_loop' exclusively}}
}

void io_or_gs_code(void) {
  LV_IO_OR_GS_CODE();
  devices++;
  // expected-warning@-1 {{requires holding role 'lockvet_main_loop' exclusively}}
}

void too_late(void) {
  devices++;
  // expected-warning@-1 {{requires holding role 'lockvet_main_loop' exclusively}}
  LV_GLOBAL_STATE_CODE();
}

int on_one_path(int condition) {
  if (condition)
    LV_GLOBAL_STATE_CODE();
  return devices;
  // expected-warning@-1 {{reading variable 'devices' requires holding role 'lockvet_main_loop'}}
}

void global_state_code(void) {
  LV_GLOBAL_STATE_CODE();
  plug();
  devices++;
}

void LV_MAIN_LOOP says_both(void);
void says_both(void) {
  LV_GLOBAL_STATE_CODE();
  plug();
}

int io_code_alone(int n) {
  LV_IO_CODE();
  return n;
}

int io_or_gs_code_alone(int n) {
  LV_IO_OR_GS_CODE();
  return n;
}

// As a statement each stands where one may, also without braces.
int statements(int condition) {
  if (condition)
    LV_GLOBAL_STATE_CODE();
  else
    LV_IO_CODE();
  return condition;
}
