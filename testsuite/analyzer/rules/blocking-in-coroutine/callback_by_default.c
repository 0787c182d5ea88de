// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A callback that blocks, called through a table in a coroutine and nowhere else. Without a request
// for guesses, pointers are left out.

#include "../Inputs/world.h"
#include <unistd.h>

// lockvet-silent

struct Driver {
  int (*flush)(int fd);
};

static int raw_flush(int fd) {
  return fdatasync(fd);
}

const struct Driver raw = {raw_flush};

int coroutine_fn co_flush_disk(const struct Driver *driver, int fd) {
  return driver->flush(fd);
}
