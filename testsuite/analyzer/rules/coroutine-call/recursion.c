// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Functions that call each other end the search, not the analysis.

#include "../Inputs/world.h"

static int visit(int depth);

static int visit_children(int depth) {
  return depth ? visit(depth - 1) : 0;
}

static int visit(int depth) {
  return visit_children(depth) + co_read(); // lockvet-error{{coroutine-call: and can run outside}}
}

static int walk(int depth) { // silent: the same shape, and nothing in it needs a coroutine
  return depth ? walk(depth - 1) + plain_read() : 0;
}

int main(void) {
  return visit(3) + walk(3);
}
