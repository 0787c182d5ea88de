// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Loops whose condition, or whose way out, is the predicate.

#include "../Inputs/world.h"

void coroutine_mixed_fn while_in_one(void) { // silent
  while (qemu_in_coroutine())
    co_read();
}

void coroutine_mixed_fn leaves_by_break(void) { // silent
  for (;;) {
    if (!qemu_in_coroutine())
      break;
    co_read();
  }
}

void coroutine_mixed_fn skips_by_continue(int rounds) { // silent
  for (int i = 0; i < rounds; i++) {
    if (!qemu_in_coroutine())
      continue;
    co_read();
  }
}

void coroutine_mixed_fn asks_afterwards(void) {
  do
    co_read(); // lockvet-error{{coroutine-call: without knowing}}
  while (qemu_in_coroutine());
}

void coroutine_mixed_fn after_the_loop(void) {
  while (qemu_in_coroutine())
    plain_read();
  co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
}

void coroutine_mixed_fn asks_in_some_rounds(int rounds) {
  for (int i = 0; i < rounds; i++) {
    if (i % 2 && !qemu_in_coroutine())
      continue;
    co_read(); // lockvet-error{{coroutine-call: without knowing}}
  }
}
