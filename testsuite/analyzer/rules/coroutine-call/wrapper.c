// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A wrapper for callers outside coroutines: it asserts that it is, makes a coroutine and polls.

#include "../Inputs/world.h"

struct Read {
  int ret;
  bool in_progress;
};

static void read_entry(void *opaque) { // silent: without a marker, but entered by a CoroutineEntry
  struct Read *s = (struct Read *)opaque;
  s->ret = co_read();
  s->in_progress = false;
}

int no_coroutine_fn read_and_wait(void) { // silent
  struct Read s = {0, true};
  assert(!qemu_in_coroutine());
  qemu_coroutine_enter(qemu_coroutine_create(read_entry, &s));
  while (s.in_progress)
    poll_event_loop();
  return s.ret;
}

int no_coroutine_fn read_directly(void) { // the same without the coroutine
  assert(!qemu_in_coroutine());
  return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
}
