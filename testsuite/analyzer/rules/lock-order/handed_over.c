// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A function that takes two locks that it is handed: in which order is its callers' matter.

#include <pthread.h>

struct Disk {
  pthread_mutex_t lock;
};
struct Queue {
  pthread_mutex_t lock;
};

static void lock(pthread_mutex_t *one) {
  pthread_mutex_lock(one);
}

static void lock_well(pthread_mutex_t *one) {
  lock(one);
}

void submit(struct Disk *disk, struct Queue *queue) {
  lock(&disk->lock);
  lock(&queue->lock); // lockvet-error{{lock-order: submit() holds Disk::lock and takes}}
  pthread_mutex_unlock(&queue->lock);
  pthread_mutex_unlock(&disk->lock);
}

void complete(struct Disk *disk, struct Queue *queue) {
  lock_well(&queue->lock);
  lock_well(&disk->lock); // lockvet-note{{calls lock_well(), which takes Disk::lock under}}
  pthread_mutex_unlock(&disk->lock);
  pthread_mutex_unlock(&queue->lock);
}
