// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule escape-hatch
// RUN: %check_cpp %s --verify --rule escape-hatch
//
// A lock is assumed to be held: where it is so anyhow, that is said twice; elsewhere a comment must
// say why it is so. A function that finds out is no assumption.

#include "../Inputs/mutex.h"
#include <stdlib.h>

extern struct Mutex disk_lock;
bool is_locked(struct Mutex *mutex);
void flush_locked(void) TSA_REQUIRES(&disk_lock);

// For code that is not annotated yet.
static inline void assume_disk_lock(void) TSA_ASSERT(&disk_lock) TSA_NO_TSA;
static inline void assume_disk_lock(void) {}

static inline void assert_disk_lock(void) TSA_ASSERT(&disk_lock);
static inline void assert_disk_lock(void) {
  if (!is_locked(&disk_lock))
    abort();
}

void flushes(void) TSA_REQUIRES(&disk_lock);

void flushes(void) {
  assume_disk_lock();
  flush_locked();
}

void flushes_again(void) {
  mutex_lock(&disk_lock);
  assume_disk_lock();
  flush_locked();
  mutex_unlock(&disk_lock);
}

void flushes_somehow(void) {
  is_locked(&disk_lock);
  assume_disk_lock();
  flush_locked();
}

void flushes_from_table(void) {
  // Who calls through the table has the lock.
  assume_disk_lock(); // silent
  flush_locked();
}

void asserts(void) TSA_REQUIRES(&disk_lock);

void asserts(void) { // silent
  assert_disk_lock();
  flush_locked();
}

// lockvet-warning@28{{escape-hatch: flushes() assumes with assume_disk_lock() that disk_lock is}}
// lockvet-warning@34{{escape-hatch: flushes_again() assumes with assume_disk_lock() that}}
// lockvet-warning@41{{escape-hatch: that disk_lock is held, and does not say why}}
