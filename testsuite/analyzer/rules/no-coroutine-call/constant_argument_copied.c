// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: an error in drain(): only the parameter itself is followed.
//
// A local copy of the parameter is what the parameter is.

#include "../Inputs/world.h"

// lockvet-silent

static void drain(bool poll) {
  const bool wanted = poll;
  if (wanted)
    sync_flush();
}

void coroutine_fn co_work(void) {
  drain(false);
}
