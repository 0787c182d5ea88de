// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A member that says no_coroutine_fn is the plainest contradiction: whoever calls through it is
// certain to be outside.

#include "../Inputs/world.h"

struct Driver {
  int no_coroutine_fn (*open)(void);
};

static int coroutine_fn co_open_disk(void) { return co_read(); }

const struct Driver driver = {
    co_open_disk // lockvet-error{{pointer-annotation: co_open_disk() goes to Driver::open}}
};
