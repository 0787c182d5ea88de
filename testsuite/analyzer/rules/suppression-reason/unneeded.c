// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A comment that has nothing to suppress stays unmentioned: rules come and go, and so do findings.

#include "../Inputs/world.h"

// lockvet-silent

int coroutine_fn co_work(void) {
  return co_read(); // lockvet: allow(coroutine-call)
}
