// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A forward declaration in the same file, for which nobody else is in the dark: the definition's
// marker counts for all of it.

#include "../Inputs/world.h"

// lockvet-silent

static int refill(void);

int coroutine_fn co_start(void) {
  return refill();
}

static int coroutine_fn refill(void) {
  return co_read();
}
