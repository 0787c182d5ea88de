// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: the comparison of the flag with the predicate teaches nothing.
//
// A flag that the caller hands in is compared with the predicate first: from there on, the flag is
// the answer.

#include "../Inputs/world.h"

int coroutine_mixed_fn asserted_equal(bool in_co) { // silent
  assert(in_co == qemu_in_coroutine());
  if (in_co)
    return co_read();
  return plain_read();
}

int coroutine_mixed_fn asserted_different(bool outside) {
  assert(outside != qemu_in_coroutine());
  if (outside)
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return plain_read();
}
