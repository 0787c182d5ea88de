// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule escape-hatch
// RUN: %check_cpp %s --verify --rule escape-hatch
//
// The compiler is told not to look, and would have nothing to say: what the calls need is held, and
// what is taken is given back. Everything here has a comment, so that only the need is asked for.

#include "../Inputs/mutex.h"

extern struct Mutex disk_lock;
void flush_locked(void) TSA_REQUIRES(&disk_lock);
void flush(void) TSA_EXCLUDES(&disk_lock);

// Takes what it needs.
// lockvet-warning@+1{{escape-hatch: the analysis of flushes() is turned off without need}}
void flushes(void) TSA_NO_TSA;
void flushes(void) {
  mutex_lock(&disk_lock); // lockvet-note{{which takes disk_lock, not held before}}
  flush_locked(); // lockvet-note{{calls flush_locked(), which finds disk_lock as it needs it}}
  mutex_unlock(&disk_lock); // lockvet-note{{which gives back disk_lock, held on every way}}
}

// Says what it needs.
// lockvet-warning@+1{{escape-hatch: the analysis of flushes_locked() is turned off without need}}
void flushes_locked(void) TSA_REQUIRES(&disk_lock) TSA_NO_TSA;
void flushes_locked(void) { flush_locked(); }

// An early return gives it back, too.
// lockvet-warning@+1{{escape-hatch: the analysis of flushes_some() is turned off without need}}
int flushes_some(int count) TSA_NO_TSA;
int flushes_some(int count) {
  mutex_lock(&disk_lock);
  if (count == 0) {
    mutex_unlock(&disk_lock);
    return 0;
  }
  flush_locked();
  mutex_unlock(&disk_lock);
  flush();
  return count;
}
