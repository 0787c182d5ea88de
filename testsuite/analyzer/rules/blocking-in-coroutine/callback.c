// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --check-arg=--guesses
// RUN: %check_cpp %s --verify --check-arg=--guesses
//
// A callback that blocks, called in a coroutine through a table. Pointers are also how coroutines
// hand blocking work to threads: so this is a guess, and shown on request.

#include "../Inputs/world.h"
#include <unistd.h>

struct Driver {
  int (*flush)(int fd);
  int (*close)(int fd);
};

static int raw_flush(int fd) {
  return fdatasync(fd); // lockvet-warning{{blocking-in-coroutine: raw_flush() can run in a}}
}

static int raw_close(int fd) { // silent: only called outside
  return fsync(fd);
}

const struct Driver raw = {.flush = raw_flush, .close = raw_close};

int coroutine_fn co_flush_disk(const struct Driver *driver, int fd) {
  return driver->flush(fd); // lockvet-note{{calls raw_flush() through Driver::flush}}
}

int no_coroutine_fn close_disk(const struct Driver *driver, int fd) {
  return driver->close(fd);
}
