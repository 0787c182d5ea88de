// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule escape-hatch
// RUN: %check_cpp %s --verify --rule escape-hatch
//
// A capability that nobody takes is a role: to say that it is had is all that can be done about it.

#include <lockvet/qemu_names.h>

// lockvet-silent

struct TSA_CAPABILITY("role") Role {
  int unused;
};
extern struct Role main_loop;

static inline void in_main_loop(void) TSA_ASSERT(&main_loop);
static inline void in_main_loop(void) {}
void run_timers(void) TSA_REQUIRES(&main_loop);

void loops(void) {
  in_main_loop();
  run_timers();
}

void loops_again(void) TSA_REQUIRES(&main_loop);
void loops_again(void) {
  in_main_loop();
  run_timers();
}
