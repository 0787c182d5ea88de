// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A bottom half is put into a list by whoever schedules it and called by the event loop: it runs
// outside, also if a coroutine scheduled it.

#include "../Inputs/world.h"

typedef void BHFunc(void *opaque);

struct BH {
  BHFunc *cb;
  void *opaque;
  struct BH *next;
};

static struct BH *pending;

void schedule_bh(struct BH *bh, BHFunc *cb, void *opaque) {
  bh->cb = cb;
  bh->opaque = opaque;
  bh->next = pending;
  pending = bh;
}

static void run_pending(void) {
  for (struct BH *bh = pending; bh; bh = bh->next)
    bh->cb(bh->opaque); // lockvet-note{{calls suspends_bh() through BH::cb}}
}

int main(void) {
  for (;;)
    run_pending();
}

static void suspends_bh(void *opaque) {
  (void)opaque;
  co_yield_once(); // lockvet-error{{coroutine-call: suspends_bh()}}
}

static void wakes_bh(void *opaque) { // silent
  qemu_coroutine_enter((struct Coroutine *)opaque);
}

void coroutine_fn co_reschedule(struct BH *bh, void *self) { // silent: only puts them in the list
  schedule_bh(bh, wakes_bh, self);
  schedule_bh(bh, suspends_bh, self);
  co_yield_once();
}
