// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Several findings that look like one cause, and are not.

#include "../Inputs/world.h"

// It asserts the context itself: whoever wrote that meant it, and each coroutine that calls it is
// wrong by itself.
static void lock_main_loop(void) {
  assert(!qemu_in_coroutine());
}

void coroutine_fn co_attach(void) {
  lock_main_loop(); // lockvet-error{{no-coroutine-call: coroutine_fn co_attach() calls}}
}

void coroutine_fn co_detach(void) {
  lock_main_loop(); // lockvet-error{{no-coroutine-call: coroutine_fn co_detach() calls}}
}

// So did whoever marked the callee.
void coroutine_fn co_commit(void) {
  sync_flush(); // lockvet-error{{no-coroutine-call: coroutine_fn co_commit() calls}}
}

void coroutine_fn co_abort(void) {
  sync_flush(); // lockvet-error{{no-coroutine-call: coroutine_fn co_abort() calls}}
}

// One coroutine calls it, the others guard or are none.
static void finish(void) {
  sync_flush();
}

void coroutine_fn co_finish(void) {
  finish(); // lockvet-error{{no-coroutine-call: coroutine_fn co_finish() calls finish()}}
}

void coroutine_mixed_fn finish_if_possible(void) { // silent
  if (!qemu_in_coroutine())
    finish();
}

void no_coroutine_fn finish_outside(void) { // silent
  finish();
}
