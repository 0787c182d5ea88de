// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// An unmarked function in which coroutines start runs in a coroutine.

#include "../Inputs/world.h"

static void entry(void *opaque) { // lockvet-note{{entry() is called as a coroutine_fn}}
  (void)opaque;
  sync_read(); // lockvet-error{{no-coroutine-call: entry() can run in a coroutine and calls}}
}

static void good_entry(void *opaque) { // silent
  (void)opaque;
  co_read();
}

void no_coroutine_fn start(void) {
  qemu_coroutine_enter(qemu_coroutine_create(entry, NULL));
  qemu_coroutine_enter(qemu_coroutine_create(good_entry, NULL));
}
