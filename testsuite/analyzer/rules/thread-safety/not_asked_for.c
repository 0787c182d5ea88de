// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
//
// A tree that is not built with -Wthread-safety is checked all the same: attributes that somebody
// wrote are meant.

#include "../Inputs/mutex.h"

static struct Mutex lock;
static int counter TSA_GUARDED_BY(lock);

int reads(void) {
  return counter; // lockvet-warning{{thread-safety-analysis: reading variable 'counter' requires}}
}
