// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// In the branch for coroutines, a no_coroutine_fn is as wrong as in a coroutine_fn: nothing is left
// to doubt.

#include "../Inputs/world.h"

int coroutine_mixed_fn wrong_branch(void) {
  if (qemu_in_coroutine())
    return sync_read(); // lockvet-error{{no-coroutine-call: sync_read()}}
  return 0;
}
