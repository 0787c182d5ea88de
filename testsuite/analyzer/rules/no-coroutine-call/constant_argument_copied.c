// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A local copy of the parameter is what the parameter is.

#include "../Inputs/world.h"

static void drain(bool poll) {
  const bool wanted = poll;
  if (wanted)
    sync_flush();
}

void coroutine_fn co_work(void) {
  drain(false);
}

static void drain_unless(bool idle) {
  const bool wanted = !idle;
  if (wanted)
    sync_flush();
}

void coroutine_fn co_idle(void) { // silent
  drain_unless(true);
}

static void drain_by_copy(bool poll) {
  bool wanted = poll;
  drain(wanted);
}

void coroutine_fn co_by_copy(void) { // silent
  drain_by_copy(false);
}

// No copies: the parameter, or the variable, changes.
static void drain_later(bool poll) {
  bool wanted = poll;
  if (plain_read())
    wanted = true;
  if (wanted)
    sync_flush(); // lockvet-error{{no-coroutine-call: drain_later()}}
}

void coroutine_fn co_later(void) {
  drain_later(false);
}

static void drain_before(bool poll) {
  poll = plain_read();
  bool wanted = poll;
  if (wanted)
    sync_flush(); // lockvet-error{{no-coroutine-call: drain_before()}}
}

void coroutine_fn co_before(void) {
  drain_before(false);
}

// 256 is true, and its copy is not.
static void drain_narrow(int poll) {
  const unsigned char wanted = poll;
  if (!wanted)
    sync_flush(); // lockvet-error{{no-coroutine-call: drain_narrow()}}
}

void coroutine_fn co_narrow(void) {
  drain_narrow(256);
}

void coroutine_fn co_by_name(void) { // silent
  const bool poll = false;
  drain(poll);
}

static void drain_by_name(bool poll) {
  if (poll)
    sync_flush(); // lockvet-error{{no-coroutine-call: drain_by_name()}}
}

void coroutine_fn co_by_name_that_changes(void) {
  bool poll = false;
  if (plain_read())
    poll = true;
  drain_by_name(poll);
}
