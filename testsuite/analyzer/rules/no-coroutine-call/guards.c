// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The guards of coroutine-call, seen from the other side. That rule's tests have every shape; here
// stand the ways of being outside.

#include "../Inputs/world.h"

int coroutine_mixed_fn branch_of_negation(void) { // silent
  if (!qemu_in_coroutine())
    return sync_read();
  return 0;
}

int coroutine_mixed_fn early_return(void) { // silent
  if (qemu_in_coroutine())
    return co_read();
  return sync_read();
}

int coroutine_mixed_fn asserted(void) { // silent: and so it is for callers outside only
  assert(!qemu_in_coroutine());
  return sync_read();
}

int coroutine_mixed_fn kept(void) { // silent
  const bool in_co = qemu_in_coroutine();
  return in_co ? co_read() : sync_read();
}

int coroutine_mixed_fn after_both(void) {
  if (qemu_in_coroutine())
    plain_read();
  return sync_read(); // lockvet-warning{{no-coroutine-call: without knowing that it is outside}}
}

int coroutine_fn asks_what_it_knows(void) { // silent: the branch never happens
  if (!qemu_in_coroutine())
    return sync_read();
  return co_read();
}
