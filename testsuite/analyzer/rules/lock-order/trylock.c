// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Who only tries waits for nobody, whatever it holds; what it got is held like any other lock.

#include <pthread.h>

static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

void submit(void) {
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_unlock(&queue_lock);
  pthread_mutex_unlock(&disk_lock);
}

void complete(void) { // silent
  pthread_mutex_lock(&queue_lock);
  if (pthread_mutex_trylock(&disk_lock) == 0)
    pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&queue_lock);
}

void logs(void) {
  if (pthread_mutex_trylock(&log_lock) == 0) {
    pthread_mutex_lock(&disk_lock); // lockvet-error{{lock-order: logs() holds log_lock and takes}}
    pthread_mutex_unlock(&disk_lock);
    pthread_mutex_unlock(&log_lock);
  }
}

void flushes(void) {
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_lock(&log_lock);
  pthread_mutex_unlock(&log_lock);
  pthread_mutex_unlock(&disk_lock);
}
