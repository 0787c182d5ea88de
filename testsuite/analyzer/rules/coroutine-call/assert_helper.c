// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A function that asserts, or calls one that asserts, tells its caller the same, at any depth.

#include "../Inputs/world.h"

static void assert_in_coroutine(void) {
  assert(qemu_in_coroutine());
}

static void check_request(int size) {
  assert(size > 0);
  assert_in_coroutine();
}

static void begin_request(int size) {
  check_request(size);
  plain_read();
}

int coroutine_mixed_fn one_deep(void) { // silent
  assert_in_coroutine();
  return co_read();
}

int coroutine_mixed_fn three_deep(int size) { // silent
  begin_request(size);
  return co_read();
}

// Asserts in one of its two ways only, so it returns in both contexts.
static void check_if(bool strict) {
  if (strict)
    assert_in_coroutine();
}

int coroutine_mixed_fn sometimes_checked(bool strict) {
  check_if(strict);
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}

// Asks and does nothing about it.
static bool log_context(void) {
  bool in_co = qemu_in_coroutine();
  if (!in_co)
    plain_read();
  return in_co;
}

int coroutine_mixed_fn only_logged(void) {
  log_context();
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}
