// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// `void *` and integers have no place for a marker; what becomes of them is not this rule's
// business.

#include "../Inputs/world.h"

// lockvet-silent

static int coroutine_fn read_it(void) { return co_read(); }

void *handle;

void store(void) {
  handle = (void *)read_it;
}

unsigned long address(void) {
  return (unsigned long)read_it;
}
