// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Five ways from main() lead through one unmarked function to two coroutine_fns: that is one thing
// to mend, and one finding, at the worst of its calls.

#include "../Inputs/world.h"

static int helper(void) {
  co_read(); // lockvet-error{{coroutine-call: can run outside coroutines, and 1 more}}
  return co_flush();
}

static int a(void) { return helper(); }
static int b(void) { return helper(); }
static int c(void) { return helper() + a(); }
static int d(void) { return helper() + b(); }

int main(void) {
  return helper() + a() + b() + c() + d();
}
