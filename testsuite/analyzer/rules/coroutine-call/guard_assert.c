// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// assert(qemu_in_coroutine()) is a guard whose other branch ends the program.

#include "../Inputs/world.h"

int coroutine_mixed_fn asserted(void) { // silent
  assert(qemu_in_coroutine());
  return co_read();
}

int coroutine_mixed_fn asserted_the_contrary(void) {
  assert(!qemu_in_coroutine());
  return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
}

int coroutine_mixed_fn asserted_too_late(void) {
  int ret = co_read(); // lockvet-error{{coroutine-call: without knowing}}
  assert(qemu_in_coroutine());
  return ret;
}

int coroutine_mixed_fn asserted_something_else(int fd) {
  assert(fd >= 0);
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}

int coroutine_mixed_fn asserted_less(bool eager) {
  assert(qemu_in_coroutine() || eager);
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}
