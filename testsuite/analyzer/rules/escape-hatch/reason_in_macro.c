// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule escape-hatch
// RUN: %check_cpp %s --verify --rule escape-hatch
//
// Lockvet's own macro takes the reason as its argument; an empty one is none.

#include "../Inputs/mutex.h"
#include <lockvet/thread_safety.h>

extern struct Mutex disk_lock;
void flush_locked(void) TSA_REQUIRES(&disk_lock);

void flushes(void) LV_NO_THREAD_SAFETY_ANALYSIS("called from a table, under the lock");

void flushes(void) {
  flush_locked();
}

void flushes_more(void) LV_NO_THREAD_SAFETY_ANALYSIS("");

void flushes_more(void) {
  flush_locked();
}

// lockvet-warning@19{{escape-hatch: the analysis of flushes_more() is turned off without a reason}}
