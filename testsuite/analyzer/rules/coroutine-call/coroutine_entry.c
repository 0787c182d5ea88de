// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Functions in which coroutines start: by a typedef that says so, by a marked parameter, by a
// marked field, by makecontext().

#include "../Inputs/world.h"

struct Job {
  void coroutine_fn (*run)(void *opaque);
};
void spawn(void coroutine_fn (*entry)(void *opaque), void *opaque);
void run_later(void (*callback)(void *opaque), void *opaque);

static void by_typedef(void *opaque) { // silent
  (void)opaque;
  co_read();
}

static void by_parameter(void *opaque) { // silent
  (void)opaque;
  co_read();
}

static void by_field(void *opaque) { // silent
  (void)opaque;
  co_read();
}

// Registered where nothing says what will become of it.
static void by_nothing(void *opaque) {
  (void)opaque;
  co_read(); // lockvet-warning{{coroutine-call: is neither marked nor known to run in coroutines}}
}

static const struct Job job = {by_field};

void no_coroutine_fn start(void) {
  qemu_coroutine_enter(qemu_coroutine_create(by_typedef, NULL));
  spawn(by_parameter, NULL);
  spawn(job.run, NULL);
  run_later(by_nothing, NULL);
}
