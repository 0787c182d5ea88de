// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The predicate as the right operand of `&&` or `||`: the branch is on it as much as on the left.

#include "../Inputs/world.h"

int coroutine_mixed_fn right_operand(bool ready) { // silent
  if (ready && qemu_in_coroutine())
    return co_read();
  return 0;
}

int coroutine_mixed_fn last_of_three(bool ready, int fd) { // silent
  if (ready && fd >= 0 && qemu_in_coroutine())
    return co_read();
  return 0;
}

int coroutine_mixed_fn left_by_or(bool busy) { // silent: who passes has both operands false
  if (busy || !qemu_in_coroutine())
    return plain_read();
  return co_read();
}

int coroutine_mixed_fn right_operand_negated(bool ready) {
  if (ready && !qemu_in_coroutine())
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return 0;
}
