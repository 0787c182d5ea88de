// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A function for both contexts has a twin for coroutines: the same name with co_ at the front or
// after one of its underscores.

#include "../Inputs/world.h"

int no_coroutine_fn coroutine_mixed_fn flush(void);
// Its twin is co_flush().

int no_coroutine_fn coroutine_mixed_fn blk_pread(void *buf);
int coroutine_fn blk_co_pread(void *buf);

int no_coroutine_fn coroutine_mixed_fn lonely(void); // no co_lonely() anywhere

int coroutine_fn co_one(void) {
  return flush(); // lockvet-warning{{mixed-in-coroutine: calls flush() instead of co_flush()}}
}

int coroutine_fn co_two(void) {
  return blk_pread(NULL); // lockvet-warning{{mixed-in-coroutine: instead of blk_co_pread()}}
}

int coroutine_fn co_three(void) { // silent
  return lonely() + co_flush() + blk_co_pread(NULL);
}

int no_coroutine_fn outside(void) { // silent
  return flush() + blk_pread(NULL);
}

int coroutine_mixed_fn either(void) { // silent: does not know where it is
  return flush();
}

int coroutine_mixed_fn either_but_asked(void) {
  if (qemu_in_coroutine())
    return flush(); // lockvet-warning{{mixed-in-coroutine: is in a coroutine and calls flush()}}
  return flush(); // silent
}

int unmarked(void) { // silent
  return flush();
}
