// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --arg=-Wthread-safety
// RUN: %check_cpp %s --verify --arg=-Wthread-safety
//
// What a function of the program says that it needs, and its callers hold or do not.

#include "../Inputs/mutex.h"

static struct Mutex lock;
static int counter TSA_GUARDED_BY(lock);

void TSA_REQUIRES(&lock) count_locked(void);

void forgets(void) {
  // lockvet-warning@+1{{thread-safety-analysis: calling function 'count_locked' requires}}
  count_locked();
}

void remembers(void) { // silent
  mutex_lock(&lock);
  count_locked();
  mutex_unlock(&lock);
}

int reads(void) {
  return counter; // lockvet-warning{{thread-safety-analysis: reading variable 'counter' requires}}
}

void TSA_REQUIRES(&lock) passes_on(void); // silent
void passes_on(void) {
  counter++;
  count_locked();
}
