// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A completion callback runs where the request completes. Here that is in a coroutine.

#include "../Inputs/world.h"

struct Request {
  void (*cb)(void *opaque);
};

struct Timer {
  void (*fire)(void *opaque);
};

static void on_done(void *opaque) {
  (void)opaque;
  sync_flush(); // lockvet-error{{no-coroutine-call: on_done() can run in a coroutine and calls}}
}

static void on_timer(void *opaque) { // silent: timers fire in the event loop
  (void)opaque;
  sync_flush();
}

void submit(struct Request *req, struct Timer *timer) {
  req->cb = on_done;
  timer->fire = on_timer;
}

void coroutine_fn co_complete(struct Request *req) {
  req->cb(NULL); // lockvet-note{{calls on_done() through Request::cb}}
}

void no_coroutine_fn run_timers(struct Timer *timer) {
  timer->fire(NULL);
}
