// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// POSIX locks need no configuration.

#include <pthread.h>

struct Cache {
  pthread_mutex_t lock;
  pthread_rwlock_t rw;
  int hits;
};

static void count_hit(struct Cache *cache) {
  pthread_mutex_lock(&cache->lock);
  cache->hits++;
  pthread_mutex_unlock(&cache->lock);
}

static void refill(struct Cache *cache) {
  pthread_rwlock_wrlock(&cache->rw);
  cache->hits = 0;
  pthread_rwlock_unlock(&cache->rw);
}

void look_up(struct Cache *cache) {
  pthread_mutex_lock(&cache->lock);
  count_hit(cache); // lockvet-error{{lock-excluded: look_up() holds Cache::lock exclusively and c}}
  pthread_mutex_unlock(&cache->lock);
}

void reads(struct Cache *cache) {
  pthread_rwlock_rdlock(&cache->rw);
  refill(cache); // lockvet-error{{lock-excluded: reads() holds Cache::rw shared and calls refill(}}
  pthread_rwlock_unlock(&cache->rw);
}

void look_up_well(struct Cache *cache) { // silent
  pthread_mutex_lock(&cache->lock);
  cache->hits++;
  pthread_mutex_unlock(&cache->lock);
  count_hit(cache);
}

int tries(struct Cache *cache) { // silent: 0 is success
  if (pthread_mutex_trylock(&cache->lock) != 0) {
    count_hit(cache);
    return 0;
  }
  pthread_mutex_unlock(&cache->lock);
  return 1;
}

void reads_well(struct Cache *cache) { // silent
  pthread_rwlock_rdlock(&cache->rw);
  pthread_rwlock_unlock(&cache->rw);
  refill(cache);
}
