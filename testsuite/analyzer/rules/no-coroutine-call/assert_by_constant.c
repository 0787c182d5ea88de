// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: no finding: what a function asserts is not told apart by its arguments.
//
// The same with an assertion: it holds or not by the constant that the caller gives.

#include "../Inputs/world.h"

static void drain(bool poll) {
  if (poll)
    assert(!qemu_in_coroutine());
  plain_read();
}

void coroutine_fn co_bug(void) {
  drain(true); // lockvet-error{{no-coroutine-call: drain()}}
}

void coroutine_fn co_fixed(void) { // silent
  drain(false);
}

int main(void) {
  drain(true);
  return 0;
}
