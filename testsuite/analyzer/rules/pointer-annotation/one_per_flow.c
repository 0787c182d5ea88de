// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// One function put into one member in five places is one thing to mend: the member.

#include "../Inputs/world.h"

struct Request {
  int (*cb)(void);
};

static int coroutine_fn on_done(void) { return co_read(); }

void submit(struct Request *a, struct Request *b, struct Request *c) {
  a->cb = on_done; // lockvet-warning{{pointer-annotation: on_done() goes to Request::cb}}
  b->cb = on_done;
  c->cb = on_done;
}

struct Request first = {on_done};
struct Request second = {on_done};
