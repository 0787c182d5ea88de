// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A comment two lines above, behind other code above, or below, is about something else.

#include "../Inputs/world.h"

int no_coroutine_fn two_lines_above(void) {
  // lockvet: allow(coroutine-call) too far away

  return co_read(); // lockvet-error{{coroutine-call: two_lines_above()}}
}

int no_coroutine_fn behind_other_code(void) {
  plain_read(); // lockvet: allow(coroutine-call) about this line
  return co_read(); // lockvet-error{{coroutine-call: behind_other_code()}}
}

int no_coroutine_fn below(void) {
  return co_read(); // lockvet-error{{coroutine-call: below()}}
  // lockvet: allow(coroutine-call) too late
}

int no_coroutine_fn another_function(void) { // silent, and does not cover the next
  return co_read(); // lockvet: allow(coroutine-call) for this one
}

int no_coroutine_fn the_next(void) {
  return co_read(); // lockvet-error{{coroutine-call: the_next()}}
}
