// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// What a caller's own marker says of a call to a coroutine_fn, without any guard.

#include "../Inputs/world.h"

int coroutine_fn in_coroutines(void) { // silent: runs in a coroutine by its own word
  return co_read();
}

int no_coroutine_fn never_in_one(void) {
  return co_read(); // lockvet-error{{coroutine-call: no_coroutine_fn never_in_one() calls}}
}

int coroutine_mixed_fn in_either(void) {
  // lockvet-error@+1{{coroutine-call: without knowing that it is in a coroutine}}
  return co_read();
}

// No marker and no caller in the program: somebody has to say where it runs.
int says_nothing(void) {
  // lockvet-warning@+1{{coroutine-call: is neither marked nor known to run in coroutines}}
  return co_read();
}

int calls_neither(void) { // silent: nothing here needs a coroutine
  return plain_read() + sync_read();
}
