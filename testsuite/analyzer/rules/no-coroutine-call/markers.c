// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// What a caller's own marker says of a call to a no_coroutine_fn, without any guard.

#include "../Inputs/world.h"

int coroutine_fn in_coroutines(void) {
  return sync_read(); // lockvet-error{{no-coroutine-call: coroutine_fn in_coroutines() calls}}
}

int coroutine_mixed_fn in_either(void) { // it may be in one: the lesser evil, since it asks nobody
  return sync_read(); // lockvet-warning{{no-coroutine-call: without knowing that it is outside}}
}

int no_coroutine_fn never_in_one(void) { // silent
  return sync_read();
}

int says_nothing(void) { // silent: nobody is known to call it in a coroutine
  return sync_read();
}

int main(void) { // silent
  return sync_read();
}

// Both markers: works in both, so that calling it in a coroutine is no error (mixed-in-coroutine
// has its say if there is a better function).
int no_coroutine_fn coroutine_mixed_fn works_anywhere(void);

int coroutine_fn calls_what_works_anywhere(void) { // silent
  return works_anywhere();
}
