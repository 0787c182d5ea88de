// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// What asserts that it is in a coroutine is for coroutines as much as what is marked so: to call it
// from outside is to abort. (no-coroutine-call knows the mirror image of this.)

#include "../Inputs/world.h"

static int read_in_coroutine(void) {
  assert(qemu_in_coroutine());
  return co_read();
}

int no_coroutine_fn aborts_at_once(void) {
  return read_in_coroutine(); // lockvet-error{{coroutine-call: read_in_coroutine()}}
}

int main(void) {
  return read_in_coroutine(); // lockvet-error{{coroutine-call: read_in_coroutine()}}
}

int coroutine_fn goes_well(void) { // silent
  return read_in_coroutine();
}

int coroutine_mixed_fn asks_first(void) { // silent
  return qemu_in_coroutine() ? read_in_coroutine() : sync_read();
}
