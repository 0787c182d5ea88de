// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: the finding is there, and does not tell of other callers.
//
// The one finding says how many callers it stands for.

#include "../Inputs/world.h"

static int helper(void) {
  return co_read(); // lockvet-error{{coroutine-call: and 3 other callers}}
}

int no_coroutine_fn a(void) { return helper(); }
int no_coroutine_fn b(void) { return helper(); }
int no_coroutine_fn c(void) { return helper(); }
int no_coroutine_fn d(void) { return helper(); }
