// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The other direction is an error: the pointer is called in coroutines.

#include "../Inputs/world.h"

struct Driver {
  int coroutine_fn (*co_flush)(void);
  int no_coroutine_fn (*open)(void);
  int (*close)(void);
};

static int no_coroutine_fn waits(void) { return sync_flush(); }
static int no_coroutine_fn coroutine_mixed_fn either(void) { return plain_read(); }
static int coroutine_mixed_fn mixed(void) { return plain_read(); }
static int unmarked(void) { return plain_read(); }

const struct Driver bad = {
    // lockvet-error@+1{{pointer-annotation: no_coroutine_fn waits() goes to Driver::co_flush}}
    .co_flush = waits,
};

const struct Driver good = {.open = waits, .close = waits}; // silent
const struct Driver mixed_driver = {.co_flush = mixed, .open = mixed, .close = mixed}; // silent
const struct Driver unmarked_driver = {unmarked, unmarked, unmarked}; // silent
const struct Driver either_driver = {either, either, either}; // silent: it works in a coroutine
