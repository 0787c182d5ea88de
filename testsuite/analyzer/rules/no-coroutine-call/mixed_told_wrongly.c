// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: no finding: constants are not followed into a function that has a marker, and one
// for both contexts that asks a parameter is believed.
//
// A mixed function that asks a parameter, and a coroutine that tells it to poll.

#include "../Inputs/world.h"

int coroutine_mixed_fn drain(bool poll) {
  if (poll)
    return sync_flush(); // lockvet-error{{no-coroutine-call: drain()}}
  return plain_read();
}

int coroutine_fn co_work(void) {
  return drain(true);
}
