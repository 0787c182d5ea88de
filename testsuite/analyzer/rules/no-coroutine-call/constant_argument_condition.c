// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// No constant is written, but on the way to the call the flag has one value only.

#include "../Inputs/world.h"

// lockvet-silent

static void drain(bool poll) {
  plain_read();
  if (poll)
    sync_flush();
}

void coroutine_fn co_work(bool poll) {
  if (!poll)
    drain(poll);
}
