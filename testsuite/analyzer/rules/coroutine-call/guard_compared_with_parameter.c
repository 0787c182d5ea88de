// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
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

int coroutine_mixed_fn asserted_something_else(int in_co) {
  assert(in_co == 3);
  if (in_co)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return plain_read();
}

int coroutine_mixed_fn compared_only(bool in_co) {
  if (in_co == qemu_in_coroutine())
    plain_read();
  if (in_co)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return plain_read();
}

int coroutine_mixed_fn changed_since(bool in_co) {
  assert(in_co == qemu_in_coroutine());
  in_co = true;
  if (in_co)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return plain_read();
}
