// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule escape-hatch
// RUN: %check_cpp %s --verify --rule escape-hatch
//
// The compiler would object, or does not see what is done: each of these has its need, and says so.

#include "../Inputs/mutex.h"

// lockvet-silent

extern struct Mutex disk_lock;
extern struct Mutex log_lock;
void flush_locked(void) TSA_REQUIRES(&disk_lock);
void flush(void) TSA_EXCLUDES(&disk_lock);
void take_it_somehow(void);

// How a lock's own functions take it the compiler can't know.
void disk_begin(void) TSA_ACQUIRE(&disk_lock) TSA_NO_TSA;
void disk_begin(void) { take_it_somehow(); }
void disk_end(void) TSA_RELEASE(&disk_lock) TSA_NO_TSA;
void disk_end(void) { take_it_somehow(); }

// The caller holds it, in a way that no attribute says.
void flushes(void) TSA_NO_TSA;
void flushes(void) { flush_locked(); }

// Another lock than the one that is needed.
void flushes_log(void) TSA_NO_TSA;
void flushes_log(void) {
  mutex_lock(&log_lock);
  flush_locked();
  mutex_unlock(&log_lock);
}

// It is given back on one way only.
void flushes_one(int last) TSA_NO_TSA;
void flushes_one(int last) {
  mutex_lock(&disk_lock);
  flush_locked();
  if (last)
    mutex_unlock(&disk_lock);
}

// The same question twice: no bug, and the compiler does not follow it.
void flushes_if(int locks) TSA_NO_TSA;
void flushes_if(int locks) {
  if (locks)
    mutex_lock(&disk_lock);
  take_it_somehow();
  if (locks)
    mutex_unlock(&disk_lock);
}

// Taken by a function that says nothing: the compiler does not know that it is held.
static void lock_it(void) TSA_NO_TSA;
static void lock_it(void) {
  mutex_lock(&disk_lock);
}
// It is.
void flushes_by_wrapper(void) TSA_NO_TSA;
void flushes_by_wrapper(void) {
  lock_it();
  flush_locked();
  mutex_unlock(&disk_lock);
}

// Held where it must not be.
void flushes_again(void) TSA_NO_TSA;
void flushes_again(void) {
  mutex_lock(&disk_lock);
  flush();
  mutex_unlock(&disk_lock);
}
