// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule escape-hatch
// RUN: %check_cpp %s --verify --rule escape-hatch
//
// A hatch that is needed wants a comment, at any of the function's declarations or in its first
// line.

#include "../Inputs/mutex.h"

extern struct Mutex disk_lock;
void flush_locked(void) TSA_REQUIRES(&disk_lock);

// Its callers hold the lock: they come from a table.
void flushes_b(void) TSA_NO_TSA;
void flushes_b(void) { flush_locked(); }

/* The same,
 * in the other manner. */
void
flushes_c(void) TSA_NO_TSA;
void flushes_c(void) { flush_locked(); }

void flushes_d(void) TSA_NO_TSA;

void flushes_d(void) {
  // The lock is the caller's.
  flush_locked();
}

void declared_only(void) TSA_NO_TSA;

static int calls;

int counts(void) TSA_NO_TSA;

int counts(void) {
  flush_locked();
  return ++calls;
}

// lockvet-warning@34{{escape-hatch: the analysis of counts() is turned off without a reason}}
