// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The branch of `if (qemu_in_coroutine())` knows that it is in a coroutine; its `else` knows that
// it is not; what comes after both is as unknown as what came before.

#include "../Inputs/world.h"

int coroutine_mixed_fn split_by_branch(void) { // silent: each side calls what is for it
  if (qemu_in_coroutine()) {
    return co_read();
  } else {
    return sync_read();
  }
}

int coroutine_mixed_fn swapped(void) {
  if (qemu_in_coroutine()) {
    return plain_read();
  } else {
    // lockvet-error@+1{{coroutine-call: is called where the code is outside coroutines}}
    return co_read();
  }
}

int coroutine_mixed_fn after_both(void) {
  if (qemu_in_coroutine())
    plain_read();
  // lockvet-error@+1{{coroutine-call: without knowing that it is in a coroutine}}
  return co_read();
}

int coroutine_mixed_fn nested(int depth) { // silent: an inner test takes nothing away
  if (qemu_in_coroutine()) {
    if (depth > 0)
      return co_read();
    else
      return co_flush();
  }
  return 0;
}
