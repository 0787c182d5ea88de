// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Two locks of one object here, and of two objects there: who waits for the one holds none that the
// other waits for. With two objects on both sides, or with one, they can meet.

#include <pthread.h>

struct Node {
  pthread_mutex_t write_lock;
  pthread_mutex_t io_lock;
};

void write_node(struct Node *node) { // silent
  pthread_mutex_lock(&node->write_lock);
  pthread_mutex_lock(&node->io_lock);
  pthread_mutex_unlock(&node->io_lock);
  pthread_mutex_unlock(&node->write_lock);
}

void split_node(struct Node *node, struct Node *half) { // silent
  pthread_mutex_lock(&node->io_lock);
  pthread_mutex_lock(&half->write_lock);
  pthread_mutex_unlock(&half->write_lock);
  pthread_mutex_unlock(&node->io_lock);
}

struct Disk {
  pthread_mutex_t lock;
  pthread_mutex_t list_lock;
};

void add(struct Disk *disk, struct Disk *other) {
  pthread_mutex_lock(&disk->lock);
  // lockvet-error@+1{{lock-order: add() holds Disk::lock and takes Disk::list_lock; remove_from()}}
  pthread_mutex_lock(&other->list_lock);
  pthread_mutex_unlock(&other->list_lock);
  pthread_mutex_unlock(&disk->lock);
}

void remove_from(struct Disk *disk, struct Disk *other) {
  pthread_mutex_lock(&disk->list_lock);
  pthread_mutex_lock(&other->lock);
  pthread_mutex_unlock(&other->lock);
  pthread_mutex_unlock(&disk->list_lock);
}

struct Queue {
  pthread_mutex_t lock;
  pthread_mutex_t list_lock;
};

void push(struct Queue *queue) {
  pthread_mutex_lock(&queue->lock);
  // lockvet-error@+1{{lock-order: push() holds Queue::lock and takes Queue::list_lock; pop()}}
  pthread_mutex_lock(&queue->list_lock);
  pthread_mutex_unlock(&queue->list_lock);
  pthread_mutex_unlock(&queue->lock);
}

void pop(struct Queue *queue) {
  pthread_mutex_lock(&queue->list_lock);
  pthread_mutex_lock(&queue->lock);
  pthread_mutex_unlock(&queue->lock);
  pthread_mutex_unlock(&queue->list_lock);
}
