// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Through unmarked functions: the finding is at the call, the way to it in the witness.

#include "../Inputs/world.h"
#include <unistd.h>

static int commit(int fd) {
  return fsync(fd); // lockvet-warning{{blocking-in-coroutine: commit() can run in a coroutine}}
}

static int update_header(int fd) {
  return commit(fd); // lockvet-note{{calls commit()}}
}

int coroutine_fn co_update(int fd) { // lockvet-note{{co_update() is marked coroutine_fn here}}
  return update_header(fd); // lockvet-note{{calls update_header()}}
}

int coroutine_fn co_update_twice(int fd) { // the same cause: no second finding
  return update_header(fd) + update_header(fd + 1);
}

static int commit_at_exit(int fd) { // silent
  return fsync(fd);
}

int main(void) {
  return commit_at_exit(3);
}
