// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Calls of what asserts that look like the bug, and the bug one function away.

#include "../Inputs/world.h"

static void assert_in_coroutine(void) {
  assert(qemu_in_coroutine());
}

// Asserts in one of its two ways only.
static void check_if(bool strict) {
  if (strict)
    assert_in_coroutine();
}

int no_coroutine_fn checks_loosely(void) { // silent
  check_if(false);
  return sync_read();
}

// The assertion is the guard of a function for both contexts.
int coroutine_mixed_fn guards_itself(void) { // silent
  assert_in_coroutine();
  return co_read();
}

// Comes to the assertion in any case, and is for coroutines only itself.
static int wraps(void) { // silent
  assert_in_coroutine();
  return plain_read();
}

int coroutine_fn co_wrapped(void) { // silent
  return wraps();
}

int no_coroutine_fn calls_wrapper(void) {
  return wraps(); // lockvet-error{{coroutine-call: wraps(), which is for coroutines only,}}
}

// Nobody is known to call it.
int says_nothing(void) { // silent
  return wraps();
}

// Branches that know.
int coroutine_mixed_fn wrong_branch(void) {
  if (!qemu_in_coroutine())
    return wraps(); // lockvet-error{{coroutine-call: is called where the code is outside}}
  return wraps(); // silent
}

// On one of its ways only, so that it is to blame itself.
static int sometimes(int size) {
  if (size > 0)
    return wraps(); // lockvet-error{{coroutine-call: sometimes() calls wraps(), which is for}}
  return 0;
}

int main(void) {
  return sometimes(1);
}
