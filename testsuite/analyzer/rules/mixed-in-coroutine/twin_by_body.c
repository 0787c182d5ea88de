// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The twin has another name: it is what the mixed function calls where it knows that it is in a
// coroutine.

#include "../Inputs/world.h"

int coroutine_fn do_truncate(long size);
void run_until_done(void);

int no_coroutine_fn coroutine_mixed_fn truncate_disk(long size) { // silent: it is the wrapper
  if (qemu_in_coroutine())
    return do_truncate(size);
  run_until_done();
  return 0;
}

int coroutine_fn co_grow(void) {
  return truncate_disk(4096); // lockvet-warning{{mixed-in-coroutine: instead of do_truncate()}}
}

int coroutine_fn co_grow_well(void) { // silent
  return do_truncate(4096);
}
