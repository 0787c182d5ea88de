// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A coroutine that must do what coroutines may not schedules it, and suspends until it is done. The
// bottom half runs in the event loop: the call is not the coroutine's.

#include "../Inputs/world.h"

struct BH {
  void (*cb)(void *opaque);
  void *opaque;
};

static struct BH pending;

void schedule_bh(void (*cb)(void *opaque), void *opaque) {
  pending.cb = cb;
  pending.opaque = opaque;
}

int main(void) {
  for (;;)
    pending.cb(pending.opaque);
}

// As a generator writes it for a function that is for outside coroutines only.
struct Open {
  const char *name;
  int ret;
  struct Coroutine *co;
};
int no_coroutine_fn open_disk(const char *name);
struct Coroutine *qemu_coroutine_self(void);

static void co_open_disk_bh(void *opaque) { // silent
  struct Open *s = (struct Open *)opaque;
  s->ret = open_disk(s->name);
  qemu_coroutine_enter(s->co);
}

int coroutine_fn co_open_disk(const char *name) { // silent
  struct Open s = {name, 0, qemu_coroutine_self()};
  schedule_bh(co_open_disk_bh, &s);
  co_yield_once();
  return s.ret;
}

int coroutine_fn co_without_it(const char *name) {
  return open_disk(name); // lockvet-error{{no-coroutine-call: calls no_coroutine_fn open_disk()}}
}
