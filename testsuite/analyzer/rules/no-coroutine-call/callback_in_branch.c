// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The callback calls the no_coroutine_fn in one of its ways only.

#include "../Inputs/world.h"

struct Request {
  void (*cb)(void *opaque, int ret);
};

static void on_done(void *opaque, int ret) {
  (void)opaque;
  if (ret < 0)
    sync_flush(); // lockvet-error{{no-coroutine-call: on_done() can run in a coroutine and calls}}
}

static void on_done_well(void *opaque, int ret) { // silent
  (void)opaque;
  if (ret < 0 && !qemu_in_coroutine())
    plain_read();
}

void submit(struct Request *req, bool well) {
  req->cb = well ? on_done_well : on_done;
}

void coroutine_fn co_complete(struct Request *req) {
  req->cb(NULL, 0); // lockvet-note{{calls on_done() through Request::cb}}
}
