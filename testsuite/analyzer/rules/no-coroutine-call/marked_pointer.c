// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A member of a table is marked: the call is wrong whatever is in it.

#include "../Inputs/world.h"

struct Driver {
  int no_coroutine_fn (*open)(void);
  int (*probe)(void);
  int coroutine_fn (*co_read)(void);
};

int coroutine_fn co_reopen(const struct Driver *driver) {
  return driver->open(); // lockvet-error{{no-coroutine-call: no_coroutine_fn pointer Driver::open}}
}

int coroutine_fn co_probe(const struct Driver *driver) { // silent
  return driver->probe() + driver->co_read();
}

int no_coroutine_fn open_disk(const struct Driver *driver) { // silent
  return driver->open();
}
