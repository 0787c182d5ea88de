// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The constant is given two levels up; the function between only hands it on, among others.

#include "../Inputs/world.h"

static void do_drain(int fd, bool recursive, bool poll) {
  if (recursive)
    plain_read();
  if (!poll)
    return;
  (void)fd;
  sync_flush(); // lockvet-error{{no-coroutine-call: do_drain() can run in a coroutine and calls}}
}

static void drain(int fd, bool poll) {
  do_drain(fd, true, poll);
}

static void do_drain_2(int fd, bool recursive, bool poll) {
  if (recursive)
    plain_read();
  if (!poll)
    return;
  (void)fd;
  sync_flush(); // silent
}

static void drain_2(int fd, bool poll) {
  do_drain_2(fd, true, poll);
}

void coroutine_fn co_bug(void) {
  drain(3, true);
}

void coroutine_fn co_fixed(void) {
  drain_2(3, false);
}

int main(void) {
  drain_2(3, true);
  return 0;
}
