// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
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

int coroutine_mixed_fn drain_unless(bool idle) { // silent
  if (!idle)
    return sync_flush();
  return plain_read();
}

int coroutine_fn co_told_rightly(void) { // silent
  return drain_unless(true);
}

int no_coroutine_fn told_outside(void) { // silent
  return drain_unless(false);
}

// Nobody knows that this one is in a coroutine when it says so.
int coroutine_mixed_fn hands_on(bool idle) { // silent
  return idle ? drain_unless(true) : drain_unless(false);
}

int coroutine_fn co_cannot_know(bool idle) { // silent
  return drain_unless(idle);
}

// It does not believe its caller.
int coroutine_mixed_fn drain_if_possible(bool poll) { // silent
  if (poll && !qemu_in_coroutine())
    return sync_flush();
  return plain_read();
}

int coroutine_fn co_harmless(void) { // silent
  return drain_if_possible(true);
}

int coroutine_mixed_fn drain_both(bool poll, bool now) { // silent: never told both
  if (poll)
    if (now)
      return sync_flush();
  return plain_read();
}

int coroutine_fn co_one_of_two(bool now) { // silent
  return drain_both(true, now) + drain_both(false, true);
}
