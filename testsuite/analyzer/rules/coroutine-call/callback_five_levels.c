// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A callback handed down five levels before anything calls it.

#include "../Inputs/world.h"

typedef int Visitor(int node);

static int level5(Visitor *visit) { return visit(5); }
static int level4(Visitor *visit) { return level5(visit); }
static int level3(Visitor *visit) { return level4(visit); }
static int level2(Visitor *visit) { return level3(visit); }
static int level1(Visitor *visit) { return level2(visit); }

static int reads(int node) {
  return node + co_read(); // lockvet-error{{coroutine-call: reads() calls coroutine_fn}}
}

static int counts(int node) { // silent
  return node + plain_read();
}

int main(void) {
  return level1(reads) + level1(counts);
}
