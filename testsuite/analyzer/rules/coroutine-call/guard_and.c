// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// `a && b` is a branch on a and then one on b.

#include "../Inputs/world.h"

int coroutine_mixed_fn left_operand(bool ready) { // silent
  if (qemu_in_coroutine() && ready)
    return co_read();
  return 0;
}

int coroutine_mixed_fn in_the_condition(void) { // silent: `&&` itself is the guard
  return qemu_in_coroutine() && co_read() >= 0;
}

int coroutine_mixed_fn before_the_guard(void) {
  return co_read() >= 0 && qemu_in_coroutine(); // lockvet-error{{coroutine-call: without knowing}}
}

int coroutine_mixed_fn else_branch(bool ready) {
  if (qemu_in_coroutine() && ready)
    return plain_read();
  else
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}

int coroutine_mixed_fn contradiction(bool ready) {
  if (!qemu_in_coroutine() && ready)
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return 0;
}
