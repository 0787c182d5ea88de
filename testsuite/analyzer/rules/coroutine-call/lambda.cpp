// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A lambda is a function of its own: it runs where it is called, not where it is written.

#include "../Inputs/world.h"

int coroutine_fn co_called_on_the_spot() {
  auto twice = []() coroutine_fn { return co_read() + co_read(); }; // silent
  return twice();
}

int no_coroutine_fn called_outside() {
  auto read = [] {
    return co_read(); // lockvet-error{{coroutine-call: and can run outside coroutines}}
  };
  return read();
}

void coroutine_fn co_writes_one() {
  auto later = [](void*) { sync_read(); }; // silent: written in a coroutine, handed elsewhere
  (void)later;
}

void no_coroutine_fn makes_one() {
  qemu_coroutine_enter(qemu_coroutine_create([](void*) { co_read(); }, nullptr)); // silent
}
