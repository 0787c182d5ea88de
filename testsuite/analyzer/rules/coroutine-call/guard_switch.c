// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A switch over the predicate is a branch, and one within a branch changes nothing.

#include "../Inputs/world.h"

int coroutine_mixed_fn inside_a_branch(int kind) { // silent
  if (!qemu_in_coroutine())
    return sync_read();
  switch (kind) {
  case 0:
    return co_read();
  case 1:
    return co_flush();
  default:
    return 0;
  }
}

int coroutine_mixed_fn branch_inside(int kind) {
  switch (kind) {
  case 0:
    return qemu_in_coroutine() ? co_read() : sync_read();
  case 1:
    return co_flush(); // lockvet-error{{coroutine-call: without knowing}}
  default:
    return 0;
  }
}

int coroutine_mixed_fn falls_through(int kind) {
  switch (kind) {
  case 0:
    if (!qemu_in_coroutine())
      return sync_read();
    // fall through, in a coroutine; but case 1 is also reached by itself
  case 1:
    return co_flush(); // lockvet-error{{coroutine-call: without knowing}}
  default:
    return 0;
  }
}
