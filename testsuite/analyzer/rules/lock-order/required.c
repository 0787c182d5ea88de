// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A lock that a function says it is called with is held there.

#include "../Inputs/mutex.h"

extern struct Mutex disk_lock;
extern struct Mutex queue_lock;
extern struct Mutex log_lock;

void enqueue(void) TSA_REQUIRES(&disk_lock); // lockvet-note{{is called with disk_lock held}}
void enqueue(void) {
  mutex_lock(&queue_lock); // lockvet-error{{lock-order: enqueue() holds disk_lock and takes}}
  mutex_unlock(&queue_lock);
}

void dequeue(void) {
  mutex_lock(&queue_lock);
  mutex_lock(&disk_lock);
  mutex_unlock(&disk_lock);
  mutex_unlock(&queue_lock);
}

void logs(void) TSA_REQUIRES(&log_lock);
void logs(void) { // silent
  mutex_lock(&disk_lock);
  mutex_unlock(&disk_lock);
}
