// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The twin may be written with the mixed function: to tell it to call itself would be absurd.

#include "../Inputs/world.h"

// lockvet-silent

int no_coroutine_fn coroutine_mixed_fn get_length(void *disk);
int coroutine_fn co_get_length(void *disk);

int coroutine_fn co_get_length(void *disk) {
  return disk ? get_length(disk) : -1;
}
