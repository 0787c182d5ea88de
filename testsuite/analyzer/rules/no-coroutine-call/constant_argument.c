// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A constant argument chooses whether the event loop is polled: the fix of such a bug may be
// nothing but true turned into false.

#include "../Inputs/world.h"

static void drain(bool poll) {
  plain_read();
  if (poll)
    sync_flush(); // lockvet-error{{no-coroutine-call: drain() can run in a coroutine and calls}}
}

static void drain_fixed(bool poll) {
  plain_read();
  if (poll)
    sync_flush(); // silent
}

void coroutine_fn co_bug(void) {
  drain(true);
}

void coroutine_fn co_fixed(void) {
  drain_fixed(false);
}

int main(void) {
  drain(true);
  drain_fixed(true);
  return 0;
}
