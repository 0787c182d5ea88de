// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The entry of a coroutine is a typedef with a marker; a wrapper that takes a bare pointer instead
// loses it on the way.

#include "../Inputs/world.h"

static void coroutine_fn entry(void *opaque) {
  (void)opaque;
  co_read();
}

static void spawn(void (*fn)(void *opaque)) {
  qemu_coroutine_enter(qemu_coroutine_create(fn, NULL));
}

static void spawn_well(CoroutineEntry *fn) {
  qemu_coroutine_enter(qemu_coroutine_create(fn, NULL));
}

int main(void) {
  spawn(entry); // lockvet-warning{{pointer-annotation: goes to parameter fn of spawn()}}
  spawn_well(entry); // silent
}
