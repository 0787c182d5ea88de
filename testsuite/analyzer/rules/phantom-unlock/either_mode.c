// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// POSIX has one function for both modes.

#include <pthread.h>

struct Cache {
  pthread_rwlock_t lock;
  pthread_mutex_t mutex;
};

void reads(struct Cache *cache) { // silent
  pthread_rwlock_rdlock(&cache->lock);
  pthread_rwlock_unlock(&cache->lock);
}

void writes(struct Cache *cache) { // silent
  pthread_rwlock_wrlock(&cache->lock);
  pthread_rwlock_unlock(&cache->lock);
}

void twice(struct Cache *cache) {
  pthread_rwlock_rdlock(&cache->lock);
  pthread_rwlock_unlock(&cache->lock);
  pthread_rwlock_unlock(&cache->lock); // lockvet-error{{phantom-unlock: which is not held}}
}

void of_the_other(struct Cache *cache) { // silent
  pthread_mutex_lock(&cache->mutex);
  pthread_rwlock_wrlock(&cache->lock);
  pthread_mutex_unlock(&cache->mutex);
  pthread_rwlock_unlock(&cache->lock);
}
