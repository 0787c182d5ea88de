// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// One of the two goes through a table of operations, of which there are two drivers; a pointer that
// could hold anything is a guess that is not made.

#include <pthread.h>

struct Disk {
  pthread_mutex_t lock;
  const struct Driver *driver;
};

struct Driver {
  void (*flush)(struct Disk *disk);
};

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

static void raw_flush(struct Disk *disk) {
  (void)disk;
}

static void cached_flush(struct Disk *disk) {
  (void)disk;
  pthread_mutex_lock(&cache_lock); // lockvet-note{{which takes cache_lock under Disk::lock}}
  pthread_mutex_unlock(&cache_lock);
}

const struct Driver raw_driver = {raw_flush};
const struct Driver cached_driver = {cached_flush};

void flush(struct Disk *disk) {
  pthread_mutex_lock(&disk->lock);
  // lockvet-error@+2{{lock-order: flush() holds Disk::lock and takes cache_lock; shrink() holds}}
  // lockvet-note@+1{{calls cached_flush() through Driver::flush}}
  disk->driver->flush(disk);
  pthread_mutex_unlock(&disk->lock);
}

void shrink(struct Disk *disk) {
  pthread_mutex_lock(&cache_lock);
  pthread_mutex_lock(&disk->lock);
  pthread_mutex_unlock(&disk->lock);
  pthread_mutex_unlock(&cache_lock);
}
