// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Names that look like a twin's and are none: not for coroutines, or of something else.

#include "../Inputs/world.h"

// lockvet-silent

int no_coroutine_fn coroutine_mixed_fn flush_cache(void);
int co_flush_cache(void); // unmarked: nothing says that it is for coroutines

int no_coroutine_fn coroutine_mixed_fn open_disk(void);
int no_coroutine_fn co_open_disk(void); // for outside, whatever its name

int no_coroutine_fn coroutine_mixed_fn drain(void);
int coroutine_fn co_drainage(void); // another word
int coroutine_fn slow_drain(void);

int coroutine_fn co_work(void) {
  return flush_cache() + open_disk() + drain();
}
