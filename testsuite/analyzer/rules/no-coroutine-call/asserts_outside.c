// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// An assertion that the code is outside coroutines is as good as the marker, wherever it stands:
// the function and what calls it in any case are no_coroutine_fn in effect.

#include "../Inputs/world.h"

#define GLOBAL_STATE_ONLY() assert(!qemu_in_coroutine())

static void lock_main_loop(void) {
  GLOBAL_STATE_ONLY();
}

static void change_graph(void) {
  lock_main_loop();
  plain_read();
}

void coroutine_fn co_detach(void) {
  change_graph(); // lockvet-error{{no-coroutine-call: calls change_graph(), which is for outside}}
}

// Between the two: reported where the coroutine comes in, not here.
static void detach_all(void) {
  change_graph();
}

void coroutine_fn co_detach_all(void) {
  detach_all(); // lockvet-error{{no-coroutine-call: calls detach_all(), which is for outside}}
}

int main(void) { // silent
  detach_all();
  return 0;
}

// Asks first.
static void change_if_possible(void) {
  if (!qemu_in_coroutine())
    change_graph();
}

void coroutine_fn co_if_possible(void) { // silent
  change_if_possible();
}
