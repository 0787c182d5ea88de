// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
//
// The lowest level: a context made by hand is a coroutine.

#include "../Inputs/world.h"
#include <ucontext.h>

// lockvet-silent

static void trampoline(void) { // silent
  co_read();
}

void no_coroutine_fn make(ucontext_t *context) {
  makecontext(context, trampoline, 0);
}
