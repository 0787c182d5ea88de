// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A completion callback has no marker; it runs where the request completes. Here that is a
// coroutine, so that calling a coroutine_fn in it is no error. That it is unmarked is worth saying.

#include "../Inputs/world.h"

typedef void CompletionFunc(void *opaque, int ret);

struct Request {
  CompletionFunc *cb;
  void *opaque;
};

static void on_written(void *opaque, int ret) {
  (void)opaque;
  if (ret == 0)
    co_flush(); // lockvet-warning{{coroutine-call: on_written() calls coroutine_fn co_flush()}}
}

static void on_closed(void *opaque, int ret) { // silent: it needs no coroutine
  (void)opaque;
  (void)ret;
  plain_read();
}

void coroutine_fn co_write(struct Request *req) {
  co_yield_once();
  req->cb(req->opaque, 0);
}

void no_coroutine_fn submit(struct Request *req) {
  req->cb = on_written;
}

void no_coroutine_fn submit_close(struct Request *req) {
  req->cb = on_closed;
}
