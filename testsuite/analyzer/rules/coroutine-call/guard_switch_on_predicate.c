// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: the switch teaches nothing, and each call in it counts as called without knowing.
//
// The predicate as what a switch is about.

#include "../Inputs/world.h"

int coroutine_mixed_fn switched(void) { // silent
  switch ((int)qemu_in_coroutine()) {
  case 0:
    return sync_read();
  default:
    return co_read();
  }
}

int coroutine_mixed_fn switched_wrongly(void) {
  switch ((int)qemu_in_coroutine()) {
  case 0:
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  default:
    return 0;
  }
}
