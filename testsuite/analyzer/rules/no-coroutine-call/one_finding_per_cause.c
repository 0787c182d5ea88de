// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Many coroutines call one unmarked function with the bug: one thing to mend, one finding.

#include "../Inputs/world.h"

static void forget(void) {
  // lockvet-error-re@+1{{no-coroutine-call: forget\(\) .* by co_a\(\) and 2 other callers$}}
  sync_flush();
  sync_flush(); // the same once more
}

void coroutine_fn co_a(void) { forget(); } // lockvet-note{{calls forget()}}
void coroutine_fn co_b(void) { forget(); }
void coroutine_fn co_c(void) { forget(); forget(); }

int main(void) { // silent, and not counted
  forget();
  return 0;
}
