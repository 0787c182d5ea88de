// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Readers do not wait for each other; a writer waits for them, and they for a writer.

#include <pthread.h>

static pthread_rwlock_t map_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t tree_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;

void looks_up(void) { // silent: complete() reads, too
  pthread_rwlock_rdlock(&map_lock);
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_unlock(&disk_lock);
  pthread_rwlock_unlock(&map_lock);
}

void completes(void) {
  pthread_mutex_lock(&disk_lock);
  pthread_rwlock_rdlock(&map_lock);
  pthread_rwlock_unlock(&map_lock);
  pthread_mutex_unlock(&disk_lock);
}

void walks(void) {
  pthread_rwlock_rdlock(&tree_lock);
  pthread_mutex_lock(&queue_lock); // lockvet-error{{lock-order: walks() holds tree_lock and takes}}
  pthread_mutex_unlock(&queue_lock);
  pthread_rwlock_unlock(&tree_lock);
}

void inserts(void) {
  pthread_mutex_lock(&queue_lock);
  pthread_rwlock_wrlock(&tree_lock);
  pthread_rwlock_unlock(&tree_lock);
  pthread_mutex_unlock(&queue_lock);
}
