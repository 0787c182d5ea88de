// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --arg=-Wthread-safety
// RUN: %check_cpp %s --verify --arg=-Wthread-safety
//
// Locks that are not given back, and ones that are given back without being held. The note of the
// compiler is a step of the witness.

#include "../Inputs/mutex.h"

static struct Mutex lock;

int leaves_it_locked(int fd) {
  mutex_lock(&lock); // lockvet-note{{mutex acquired here}}
  if (fd < 0)
    return -1;
  mutex_unlock(&lock);
  return 0;
} // lockvet-warning{{thread-safety-analysis: mutex 'lock' is not held on every path}}

void never_had_it(void) {
  mutex_unlock(&lock); // lockvet-warning{{thread-safety-analysis: releasing mutex 'lock' that}}
}

int goes_out(int fd) { // silent
  int ret = -1;
  mutex_lock(&lock);
  if (fd < 0)
    goto out;
  ret = 0;
out:
  mutex_unlock(&lock);
  return ret;
}
