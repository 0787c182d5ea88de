// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// What the callers of one cause are decides how bad it is: the worst of them counts, and it is its
// way that the witness shows.

#include "../Inputs/world.h"

static void forget(void) {
  sync_flush(); // lockvet-error{{no-coroutine-call: called by co_work() and 1 other caller}}
}

void coroutine_mixed_fn complete(void) {
  forget();
}

void coroutine_fn co_work(void) { // lockvet-note{{co_work() is marked coroutine_fn here}}
  forget();
}

// Mixed functions are often in truth not called in a coroutine.
static void settle(void) {
  sync_flush(); // lockvet-warning{{no-coroutine-call: called by complete_read() and 1 other}}
}

void coroutine_mixed_fn complete_read(void) {
  settle();
}

void coroutine_mixed_fn complete_write(void) {
  settle();
}

// The bug hangs on a condition: it is found where it is, and its callers are counted there.
static void trim(int size) {
  if (size > 0)
    sync_flush(); // lockvet-error{{no-coroutine-call: called by co_shrink() and 1 other caller}}
}

void coroutine_fn co_shrink(void) {
  trim(1);
}

void coroutine_fn co_grow(void) {
  trim(2);
}
