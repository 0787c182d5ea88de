// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Handed down five levels, once where the caller is a coroutine, once where it is not.

#include "../Inputs/world.h"

typedef int Visitor(int node);

static int c5(Visitor *visit) { return visit(5); }
static int c4(Visitor *visit) { return c5(visit); }
static int c3(Visitor *visit) { return c4(visit); }
static int c2(Visitor *visit) { return c3(visit); }
static int c1(Visitor *visit) { return c2(visit); }

static int o5(Visitor *visit) { return visit(5); }
static int o4(Visitor *visit) { return o5(visit); }
static int o3(Visitor *visit) { return o4(visit); }
static int o2(Visitor *visit) { return o3(visit); }
static int o1(Visitor *visit) { return o2(visit); }

static int flush_one(int node) {
  return node + sync_flush(); // lockvet-error{{no-coroutine-call: flush_one() can run}}
}

static int flush_another(int node) { // silent
  return node + sync_flush();
}

int coroutine_fn co_flush_all(void) {
  return c1(flush_one);
}

int main(void) {
  return o1(flush_another);
}
