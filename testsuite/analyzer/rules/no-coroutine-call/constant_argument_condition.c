// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: an error in drain(): what a branch says of a flag is worked out only in functions
// that get constants themselves.
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
