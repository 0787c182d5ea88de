// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A marked pointer copied into one that says nothing loses the marker.

#include "../Inputs/world.h"

struct Driver {
  int coroutine_fn (*co_read)(void);
};
struct Request {
  int (*cb)(void);
  int coroutine_fn (*co_cb)(void);
};

void submit(struct Request *req, const struct Driver *driver) {
  // lockvet-warning@+1{{pointer-annotation: coroutine_fn Driver::co_read goes to Request::cb}}
  req->cb = driver->co_read;
  req->co_cb = driver->co_read; // silent
}

void resubmit(struct Request *to, const struct Request *from) { // silent: as unmarked as before
  to->cb = from->cb;
}
