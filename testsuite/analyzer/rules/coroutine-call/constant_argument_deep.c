// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The constant is given two levels up, and handed down as a parameter.

#include "../Inputs/world.h"

static int do_get(int fd, int may_suspend) {
  if (!may_suspend)
    return plain_read();
  return fd + co_read(); // lockvet-error{{coroutine-call: do_get()}}
}

static int get(bool may_suspend) {
  return do_get(3, may_suspend);
}

static int do_get_2(int fd, int may_suspend) {
  if (may_suspend)
    return fd + co_read(); // silent: true comes from coroutines only, and outside it is false
  return plain_read();
}

static int get_2(bool may_suspend) {
  return do_get_2(3, may_suspend);
}

int no_coroutine_fn true_two_levels_up(void) {
  return get(true);
}

int no_coroutine_fn false_two_levels_up(void) { // silent
  return get_2(false);
}

int coroutine_fn co_true(void) {
  return get_2(true);
}
