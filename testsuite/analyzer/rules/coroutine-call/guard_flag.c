// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The answer of the predicate, kept in a variable.

#include "../Inputs/world.h"

int coroutine_mixed_fn kept(void) { // silent
  bool in_co = qemu_in_coroutine();
  plain_read();
  if (in_co)
    return co_read();
  return sync_read();
}

int coroutine_mixed_fn kept_negated(void) { // silent
  const bool outside = !qemu_in_coroutine();
  if (outside)
    return sync_read();
  return co_read();
}

int coroutine_mixed_fn assigned_later(void) { // silent
  int in_co;
  plain_read();
  in_co = qemu_in_coroutine();
  if (in_co != 0)
    return co_read();
  return 0;
}

int coroutine_mixed_fn asked_twice(void) { // silent: a variable does not change by itself
  bool in_co = qemu_in_coroutine();
  if (in_co)
    co_read();
  plain_read();
  if (in_co)
    co_flush();
  return 0;
}

int coroutine_mixed_fn wrong_way_round(void) {
  bool in_co = qemu_in_coroutine();
  if (!in_co)
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return 0;
}
