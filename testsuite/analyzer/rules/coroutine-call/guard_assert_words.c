// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// An assertion that carries its explanation along, in the way of C.

#include "../Inputs/world.h"

int coroutine_mixed_fn with_words(void) { // silent
  assert(qemu_in_coroutine() && "the caller starts a coroutine for this");
  return co_read();
}

int coroutine_mixed_fn with_more(int fd) { // silent
  assert(fd >= 0 && qemu_in_coroutine());
  return co_read();
}

int coroutine_mixed_fn not_either(bool busy) { // silent: neither of the two holds
  assert(!(busy || !qemu_in_coroutine()));
  return co_read();
}

int coroutine_mixed_fn neither(bool busy) { // silent
  assert(!!(qemu_in_coroutine() && !busy));
  return co_read();
}

int coroutine_mixed_fn one_of_two(bool busy) {
  assert(busy || qemu_in_coroutine());
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}

int coroutine_mixed_fn not_both(bool busy) {
  assert(!(busy && !qemu_in_coroutine()));
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}

int coroutine_mixed_fn the_one_left(void) { // silent: the first of the two is settled
  bool busy = false;
  assert(busy || qemu_in_coroutine());
  return co_read();
}

int coroutine_mixed_fn assigned_on_the_way(bool busy) {
  assert(!(!busy && (busy = qemu_in_coroutine())));
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}
