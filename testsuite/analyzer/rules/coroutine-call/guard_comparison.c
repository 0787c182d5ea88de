// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The answer compared with true, false, 0 and 1.

#include "../Inputs/world.h"

int coroutine_mixed_fn equals_true(void) { // silent
  return qemu_in_coroutine() == true ? co_read() : 0;
}

int coroutine_mixed_fn true_equals(void) { // silent: a constant may stand on the left
  return true == qemu_in_coroutine() ? co_read() : 0;
}

int coroutine_mixed_fn is_not_false(void) { // silent
  return qemu_in_coroutine() != false ? co_read() : 0;
}

int coroutine_mixed_fn is_not_0(void) { // silent
  if (qemu_in_coroutine() != 0)
    return co_read();
  return 0;
}

int coroutine_mixed_fn equals_0(void) {
  if (qemu_in_coroutine() == 0)
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return 0;
}

int coroutine_mixed_fn is_not_true(void) {
  if (qemu_in_coroutine() != true)
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return 0;
}

int coroutine_mixed_fn equals_a_flag(bool wanted) {
  if (qemu_in_coroutine() == wanted) // holds in both contexts, depending on the flag
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}
