// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// `a || b`: its branch knows neither, its else-branch knows that neither holds.

#include "../Inputs/world.h"

int coroutine_mixed_fn else_of_or(bool busy) { // silent: here both operands were false
  if (!qemu_in_coroutine() || busy)
    return plain_read();
  return co_read();
}

int coroutine_mixed_fn in_the_condition(void) { // silent: reached only where the left is false
  return !qemu_in_coroutine() || co_read() >= 0;
}

int coroutine_mixed_fn branch_of_or(bool ready) {
  if (qemu_in_coroutine() || ready)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn wrong_side(void) {
  // lockvet-error@+1{{coroutine-call: where the code is outside coroutines}}
  return qemu_in_coroutine() || co_read() >= 0;
}
