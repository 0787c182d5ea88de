// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Whoever calls it says false: the call behind the flag never happens.

#include "../Inputs/world.h"

// lockvet-silent

static int get(bool may_suspend) {
  if (may_suspend)
    return co_read();
  return plain_read();
}

int no_coroutine_fn outside(void) {
  return get(false);
}

int coroutine_fn co_inside(void) {
  return get(false);
}
