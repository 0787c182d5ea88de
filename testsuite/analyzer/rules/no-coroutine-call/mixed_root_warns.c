// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// An unmarked function that only a mixed one calls may run in a coroutine: mixed functions often
// are in truth not called in one, so this is a warning.

#include "../Inputs/world.h"

static void finish(void) {
  sync_flush();
}

static void finish_outside(void) { // silent: its call is guarded
  sync_flush();
}

void coroutine_mixed_fn complete(void) {
  finish(); // lockvet-warning{{no-coroutine-call: coroutine_mixed_fn complete() calls finish()}}
  if (!qemu_in_coroutine())
    finish_outside();
}
