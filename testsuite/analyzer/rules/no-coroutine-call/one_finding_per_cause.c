// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: three findings, one where each coroutine comes in.
//
// Many coroutines call one unmarked function with the bug: one thing to mend, one finding.

#include "../Inputs/world.h"

static void forget(void) {
  sync_flush(); // lockvet-error{{no-coroutine-call: forget() can run in a coroutine}}
  sync_flush(); // the same once more
}

void coroutine_fn co_a(void) { forget(); }
void coroutine_fn co_b(void) { forget(); }
void coroutine_fn co_c(void) { forget(); }
