// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A coroutine reaches it through unmarked functions. They call it in any case, and are for outside
// coroutines themselves: what is wrong is where the coroutine comes in.

#include "../Inputs/world.h"

static int probe(void) {
  return sync_read(); // lockvet-note{{calls sync_read()}}
}

static int reopen(void) {
  return probe(); // lockvet-note{{calls probe()}}
}

int coroutine_fn co_resume(void) { // lockvet-note{{co_resume() is marked coroutine_fn here}}
  return reopen(); // lockvet-error{{no-coroutine-call: coroutine_fn co_resume() calls reopen()}}
}

// The same chain from main() only.
static int probe_at_start(void) { // silent
  return sync_read();
}

static int open_first(void) {
  return probe_at_start();
}

int main(void) {
  return open_first();
}
