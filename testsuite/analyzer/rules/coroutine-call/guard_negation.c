// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// `!` swaps the branches, twice swaps them back.

#include "../Inputs/world.h"

int coroutine_mixed_fn else_of_negation(void) { // silent
  if (!qemu_in_coroutine()) {
    return sync_read();
  } else {
    return co_read();
  }
}

int coroutine_mixed_fn branch_of_negation(void) {
  if (!qemu_in_coroutine())
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return 0;
}

int coroutine_mixed_fn not_not(void) { // silent
  if (!!qemu_in_coroutine())
    return co_read();
  return 0;
}

int coroutine_mixed_fn parentheses(void) { // silent
  if (!(!(qemu_in_coroutine())))
    return co_read();
  return 0;
}
