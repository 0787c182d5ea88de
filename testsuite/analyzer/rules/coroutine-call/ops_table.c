// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Calls through a table of operations whose members are marked: the marker of the member counts.

#include "../Inputs/world.h"

struct Driver {
  int coroutine_fn (*co_read)(void *disk);
  int (*probe)(void *disk);
};

int no_coroutine_fn outside(const struct Driver *driver) {
  // lockvet-error@+1{{coroutine-call: calls coroutine_fn pointer Driver::co_read}}
  return driver->co_read(NULL);
}

int no_coroutine_fn outside_after_test(const struct Driver *driver) {
  if (driver->co_read) // to look whether it is there is no call
    return driver->co_read(NULL); // lockvet-error{{coroutine-call: outside_after_test()}}
  return -1;
}

int coroutine_fn inside(const struct Driver *driver) { // silent
  return driver->co_read(NULL) + driver->probe(NULL);
}

int no_coroutine_fn unmarked_member(const struct Driver *driver) { // silent
  return driver->probe(NULL);
}

int coroutine_mixed_fn guarded(const struct Driver *driver) { // silent
  return qemu_in_coroutine() ? driver->co_read(NULL) : driver->probe(NULL);
}
