// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A lambda runs where it is called: at once, or when the event loop has time for it.

#include "../Inputs/world.h"

void defer(void (*fn)());

template <class Fn> void now(Fn fn) {
  fn();
}

void coroutine_fn co_work() {
  now([] { sync_flush(); }); // lockvet-error{{no-coroutine-call: co_work() calls now()}}
  defer([] { sync_flush(); }); // silent
}

int main() {
  now([] { sync_flush(); }); // silent
}
