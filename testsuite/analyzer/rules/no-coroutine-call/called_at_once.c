// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Looks like scheduling and is not: the function calls what it is given before it returns.

#include "../Inputs/world.h"

static void run_locked(void (*cb)(void *opaque), void *opaque) {
  plain_read();
  cb(opaque); // lockvet-note{{calls flush_cb()}}
}

static void flush_cb(void *opaque) {
  (void)opaque;
  sync_flush(); // lockvet-error{{no-coroutine-call: flush_cb() can run in a coroutine and calls}}
}

static void count_cb(void *opaque) { // silent
  (void)opaque;
  plain_read();
}

void coroutine_fn co_work(void) {
  run_locked(flush_cb, NULL);
  run_locked(count_cb, NULL);
}
