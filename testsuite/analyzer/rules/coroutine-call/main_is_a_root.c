// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A program starts outside coroutines.

#include "../Inputs/world.h"

static int load(void) {
  return co_read(); // lockvet-error{{coroutine-call: load() calls coroutine_fn co_read() and can}}
}

static int load_well(void) { // silent
  return sync_read();
}

int main(void) { // lockvet-note{{the program starts in main()}}
  return load() + load_well(); // lockvet-note{{calls load()}}
}
