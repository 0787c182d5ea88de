// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A mixed function that asks a parameter knows where it is, if its callers say the truth.

#include "../Inputs/world.h"

// lockvet-silent

int coroutine_mixed_fn drain(bool poll) {
  if (poll)
    return sync_flush();
  return plain_read();
}

int coroutine_fn co_work(void) {
  return drain(false);
}

int no_coroutine_fn work(void) {
  return drain(true);
}
