// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Four functions in one member are one thing to mend: the member. The finding says how many.

#include "../Inputs/world.h"

struct Driver {
  int (*read)(void);
};

static int coroutine_fn raw_read(void) { return co_read(); }
static int coroutine_fn qcow_read(void) { return co_read(); }
static int coroutine_fn nbd_read(void) { return co_read(); }

// lockvet-warning@+1{{pointer-annotation: is not marked coroutine_fn, as do 2 more}}
const struct Driver raw = {raw_read};
const struct Driver qcow = {qcow_read};
const struct Driver nbd = {nbd_read};
