// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// After `if (!qemu_in_coroutine()) return`, only coroutines are left.

#include "../Inputs/world.h"

int coroutine_mixed_fn left_early(void) { // silent
  if (!qemu_in_coroutine())
    return sync_read();
  return co_read();
}

int coroutine_mixed_fn wrong_ones_left(void) {
  if (qemu_in_coroutine())
    return plain_read();
  return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
}

int coroutine_mixed_fn not_all_left(bool eager) {
  if (!qemu_in_coroutine() && eager)
    return sync_read();
  // lockvet-error@+1{{coroutine-call: without knowing that it is in a coroutine}}
  return co_read();
}

int coroutine_mixed_fn two_steps(bool eager) { // silent: both ways outside coroutines leave
  if (!qemu_in_coroutine()) {
    if (eager)
      return sync_read();
    return -1;
  }
  return co_read();
}
