// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A mixed function works wherever it is called from, so every pointer may hold it.

#include "../Inputs/world.h"

// lockvet-silent

struct Driver {
  int (*write)(void);
  int coroutine_fn (*co_write)(void);
};

static int coroutine_mixed_fn any_write(void) {
  return qemu_in_coroutine() ? co_read() : sync_read();
}

const struct Driver driver = {any_write, any_write};
