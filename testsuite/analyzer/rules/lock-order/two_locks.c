// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Two locks, taken in one order here and in the other there. The finding has a witness for each.

#include <pthread.h>

static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;

void submit(void) {
  pthread_mutex_lock(&disk_lock); // lockvet-note{{takes disk_lock with pthread_mutex_lock()}}
  // lockvet-error@+2{{lock-order: submit() holds disk_lock and takes queue_lock; complete() holds}}
  // lockvet-note@+1{{calls pthread_mutex_lock(), which takes queue_lock under disk_lock}}
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_unlock(&queue_lock);
  pthread_mutex_unlock(&disk_lock);
}

void complete(void) {
  pthread_mutex_lock(&queue_lock); // lockvet-note{{takes queue_lock with pthread_mutex_lock()}}
  pthread_mutex_lock(&disk_lock); // lockvet-note{{which takes disk_lock under queue_lock}}
  pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&queue_lock);
}
