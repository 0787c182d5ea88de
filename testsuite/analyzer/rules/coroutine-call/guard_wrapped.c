// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: the wrapper counts as any other function, unless the configuration names it.
//
// A function that returns the predicate's answer is the predicate.

#include "../Inputs/world.h"

static inline bool may_suspend(void) {
  return qemu_in_coroutine();
}

static inline bool must_not_suspend(void) {
  return !qemu_in_coroutine();
}

int coroutine_mixed_fn by_wrapper(void) { // silent
  if (may_suspend())
    return co_read();
  return sync_read();
}

int coroutine_mixed_fn by_negating_wrapper(void) { // silent
  if (must_not_suspend())
    return sync_read();
  return co_read();
}

int coroutine_mixed_fn by_wrapper_swapped(void) {
  if (must_not_suspend())
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return 0;
}
