// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The same with an assertion: it holds or not by the constant that the caller gives.

#include "../Inputs/world.h"

__attribute__((noreturn)) void abort_now(void);

static void drain(bool poll) {
  if (poll)
    assert(!qemu_in_coroutine());
  plain_read();
}

void coroutine_fn co_bug(void) {
  drain(true); // lockvet-error{{no-coroutine-call: drain()}}
}

void coroutine_fn co_fixed(void) { // silent
  drain(false);
}

int main(void) {
  drain(true);
  return 0;
}

static void drain_unless(bool idle) {
  if (idle)
    return;
  assert(!qemu_in_coroutine());
}

void coroutine_fn co_idle(void) { // silent
  drain_unless(true);
}

void coroutine_fn co_unknown(bool idle) { // silent
  drain_unless(idle);
}

static void through(void) {
  drain_unless(false);
}

void coroutine_fn co_through(void) {
  through(); // lockvet-error{{no-coroutine-call: through()}}
}

// The parameter is another by then.
static void drain_anyway(bool poll) {
  poll = plain_read();
  if (poll)
    assert(!qemu_in_coroutine());
}

void coroutine_fn co_anyway(void) { // silent
  drain_anyway(true);
}

// It gives up in both contexts: that says nothing of either.
static void refuses(bool really) {
  if (really)
    abort_now();
}

void coroutine_fn co_refused(void) { // silent
  refuses(true);
}
