// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// What is behind a guard for the outside does not happen in a coroutine.

#include "../Inputs/world.h"
#include <unistd.h>

int coroutine_fn co_fsync(int fd);

int coroutine_mixed_fn flush(int fd) { // silent
  if (!qemu_in_coroutine())
    return fsync(fd);
  return co_fsync(fd);
}

int coroutine_mixed_fn flush_wrongly(int fd) {
  if (qemu_in_coroutine())
    return fsync(fd); // lockvet-warning{{blocking-in-coroutine: flush_wrongly()}}
  return 0;
}

static int flush_file(int fd) { // silent: what calls it in a coroutine never comes to this line
  if (qemu_in_coroutine())
    return co_fsync(fd);
  return fsync(fd);
}

int coroutine_fn co_flush_file(int fd) {
  return flush_file(fd);
}

static int settle(int fd, bool wait) { // silent: coroutines say false
  if (wait)
    sleep(1);
  return fd;
}

int coroutine_fn co_settle(int fd) {
  return settle(fd, false);
}

int no_coroutine_fn settle_outside(int fd) {
  return settle(fd, true);
}
