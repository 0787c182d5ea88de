// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The one finding says how many callers it stands for.

#include "../Inputs/world.h"

static int helper(void) {
  return co_read(); // lockvet-error{{coroutine-call: and 3 other callers}}
}

int no_coroutine_fn a(void) { return helper(); }
int no_coroutine_fn b(void) { return helper() + helper(); }
int no_coroutine_fn c(void) { return helper(); }
int no_coroutine_fn d(void) { return helper(); }

// These are right, and do not count.
int coroutine_fn co_e(void) { return helper(); }
int coroutine_mixed_fn f(void) { return qemu_in_coroutine() ? helper() : 0; }
int nobody_calls_it(void) { return helper(); }

// Whoever gives the other constant does not come to the call.
static int get(bool may_suspend) {
  if (may_suspend)
    return co_read(); // lockvet-error-re{{coroutine-call: and can run outside coroutines$}}
  return plain_read();
}

int no_coroutine_fn says_yes(void) { return get(true); }
int no_coroutine_fn says_no(void) { return get(false); }
int no_coroutine_fn says_no_too(void) { return get(false); }
