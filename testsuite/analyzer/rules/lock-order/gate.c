// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A third lock that is held around both keeps the two from meeting: taken by the function itself,
// or by all its callers.

#include <pthread.h>

// lockvet-silent

static pthread_mutex_t big_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;

void submit(void) {
  pthread_mutex_lock(&big_lock);
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_unlock(&queue_lock);
  pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&big_lock);
}

static void complete_locked(void) {
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&queue_lock);
}

void complete(void) {
  pthread_mutex_lock(&big_lock);
  complete_locked();
  pthread_mutex_unlock(&big_lock);
}

void cancel(void) {
  pthread_mutex_lock(&big_lock);
  complete_locked();
  pthread_mutex_unlock(&big_lock);
}
