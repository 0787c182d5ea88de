// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: in C a right operand of && is no guard, nor is anything under a negation; in C++
// assert() casts its operand, so that not even the left operand of && is one.
//
// An assertion that carries its explanation along, in the way of C.

#include "../Inputs/world.h"

// lockvet-silent

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
