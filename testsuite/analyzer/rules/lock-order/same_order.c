// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// One order everywhere, however far apart the two are taken; and the order in which they are given
// back does not matter.

#include <pthread.h>

// lockvet-silent

static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;

static void enqueue(void) {
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_unlock(&queue_lock);
}

void submit(void) {
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&queue_lock);
}

void complete(void) {
  pthread_mutex_lock(&disk_lock);
  enqueue();
  pthread_mutex_unlock(&disk_lock);
  enqueue();
}
