// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A variable that is set where the answer is known carries it along.

#include "../Inputs/world.h"

int coroutine_mixed_fn set_in_branch(void) { // silent: true only where a coroutine set it
  bool may_suspend = false;
  if (qemu_in_coroutine())
    may_suspend = true;
  plain_read();
  if (may_suspend)
    return co_read();
  return 0;
}

int coroutine_mixed_fn set_in_other_branch(void) {
  bool may_suspend = true;
  if (qemu_in_coroutine())
    may_suspend = false;
  if (may_suspend)
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return 0;
}

int coroutine_mixed_fn set_anywhere(bool wanted) {
  bool may_suspend = false;
  if (wanted)
    may_suspend = true;
  if (may_suspend)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}
