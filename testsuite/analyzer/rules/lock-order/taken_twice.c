// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// That one lock is taken twice by mistake says nothing of two locks of its class: the order of the
// classes is still one.

#include <pthread.h>

struct Disk {
  pthread_mutex_t lock;
  pthread_mutex_t queue_lock;
  int size;
};

static int size_of(struct Disk *disk) {
  pthread_mutex_lock(&disk->lock);
  int size = disk->size;
  pthread_mutex_unlock(&disk->lock);
  return size;
}

int grow(struct Disk *disk) {
  pthread_mutex_lock(&disk->lock);
  int size = size_of(disk); // lockvet-error{{lock-excluded: holds Disk::lock exclusively}}
  pthread_mutex_unlock(&disk->lock);
  return size;
}

void push(struct Disk *disk) {
  pthread_mutex_lock(&disk->lock);
  // lockvet-error@+1{{lock-order: push() holds Disk::lock and takes Disk::queue_lock; pop() holds}}
  pthread_mutex_lock(&disk->queue_lock);
  pthread_mutex_unlock(&disk->queue_lock);
  pthread_mutex_unlock(&disk->lock);
}

void pop(struct Disk *disk) {
  pthread_mutex_lock(&disk->queue_lock);
  pthread_mutex_lock(&disk->lock);
  pthread_mutex_unlock(&disk->lock);
  pthread_mutex_unlock(&disk->queue_lock);
}
