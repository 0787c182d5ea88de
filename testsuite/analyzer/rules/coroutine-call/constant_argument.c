// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// What the callee does hangs on a constant that the caller gives.

#include "../Inputs/world.h"

static int get_wrongly(bool may_suspend) {
  if (may_suspend)
    return co_read(); // lockvet-error{{coroutine-call: get_wrongly()}}
  return plain_read();
}

int no_coroutine_fn says_yes(void) {
  return get_wrongly(true);
}

int coroutine_fn co_says_yes(void) { // silent on its side: here true is right
  return get_wrongly(true);
}
