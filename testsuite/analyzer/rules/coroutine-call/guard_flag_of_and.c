// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: the flag counts as unknown, and each call behind it as called without knowing.
//
// A flag that is the predicate *and* something else: where it is true, both are.

#include "../Inputs/world.h"

int coroutine_mixed_fn both(bool ready) { // silent
  bool may_suspend = qemu_in_coroutine() && ready;
  if (may_suspend)
    return co_read();
  return 0;
}

int coroutine_mixed_fn both_the_other_way(bool ready) { // silent
  bool may_suspend = ready && qemu_in_coroutine();
  return may_suspend ? co_read() : sync_read();
}

int coroutine_mixed_fn either(bool ready) {
  bool may_suspend = qemu_in_coroutine() || ready;
  if (may_suspend)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}
