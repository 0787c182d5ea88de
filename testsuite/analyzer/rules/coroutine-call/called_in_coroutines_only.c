// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// An unmarked function that only coroutines call is in order but for its marker: whoever calls it
// next cannot see what it needs.

#include "../Inputs/world.h"

static int read_twice(void) {
  // lockvet-warning@+1{{coroutine-call: read_twice() calls coroutine_fn co_read() but is}}
  return co_read() + co_read();
}

int coroutine_fn co_check(void) { // lockvet-note{{co_check() is marked coroutine_fn here}}
  return read_twice(); // lockvet-note{{calls read_twice()}}
}

static int coroutine_fn co_read_twice(void) { // silent: says what it needs
  return co_read() + co_read();
}

int coroutine_fn co_check_well(void) {
  return co_read_twice();
}
