// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// What is named but never evaluated is no call.

#include "../Inputs/world.h"

int no_coroutine_fn measures(void) { // silent
  return (int)sizeof(co_read());
}

int no_coroutine_fn names_a_type(void) { // silent
  __typeof__(co_read()) result = sync_read();
  return result;
}

int no_coroutine_fn takes_the_address(void *out[]) { // silent here: storing is not calling
  return out[0] != NULL && sync_read();
}

int no_coroutine_fn dead_code(void) {
  if (0)
    co_read(); // lockvet-error{{coroutine-call: dead_code()}}
  return 0;
}
