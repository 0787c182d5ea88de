// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The second lock is taken several calls down; and a function that takes what it is handed is its
// caller's lock.

#include <pthread.h>

struct Disk {
  pthread_mutex_t lock;
};
struct Queue {
  pthread_mutex_t lock;
};

static void take(pthread_mutex_t *lock) {
  pthread_mutex_lock(lock);
}

static void give(pthread_mutex_t *lock) {
  pthread_mutex_unlock(lock);
}

static void append(struct Queue *queue) {
  pthread_mutex_lock(&queue->lock); // lockvet-note{{which takes Queue::lock under Disk::lock}}
  pthread_mutex_unlock(&queue->lock);
}

static void enqueue(struct Queue *queue) {
  append(queue); // lockvet-note{{calls append()}}
}

void submit(struct Disk *disk, struct Queue *queue) {
  pthread_mutex_lock(&disk->lock);
  enqueue(queue); // lockvet-error{{lock-order: submit() holds Disk::lock and takes Queue::lock}}
  pthread_mutex_unlock(&disk->lock);
}

void complete(struct Disk *disk, struct Queue *queue) {
  take(&queue->lock); // lockvet-note{{takes Queue::lock with take()}}
  take(&disk->lock); // lockvet-note{{calls take(), which takes Disk::lock under Queue::lock}}
  give(&disk->lock);
  give(&queue->lock);
}
