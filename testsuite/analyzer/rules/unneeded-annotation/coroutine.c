// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule unneeded-annotation
// RUN: %check_cpp %s --verify --rule unneeded-annotation
//
// A coroutine_fn that calls nothing that could suspend, by itself or through helpers.

#include "../Inputs/world.h"

static int count;

static int helper(int by) { return count += by; }

// lockvet-warning@+1{{unneeded-annotation: co_counts() is marked coroutine_fn and can't suspend}}
int coroutine_fn co_counts(int by) {
  return helper(by) + plain_read();
}

// lockvet-warning@+1{{unneeded-annotation: co_nothing() is marked coroutine_fn and can't}}
int coroutine_fn co_nothing(void) {
  return count;
}
