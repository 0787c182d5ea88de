// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// What takes the lock is in a pointer that some translation unit sets which was not indexed, as
// QEMU's mutexes are where util/qsp.c is left out.

#include "../Inputs/locks.h"

extern void (*lock_function)(struct Mutex *m);
extern void (*note_function)(struct Mutex *m);

struct Queue {
  struct Mutex lock;
  struct Mutex other;
  int length;
};

void drain(struct Queue *queue) { // silent
  while (queue->length) {
    lock_function(&queue->lock);
    queue->length--;
    mutex_unlock(&queue->lock);
  }
}

void give_way(struct Queue *queue) { // silent
  mutex_lock(&queue->lock);
  mutex_unlock(&queue->lock);
  lock_function(&queue->lock);
  queue->length++;
  mutex_unlock(&queue->lock);
}

void drain_without(struct Queue *queue) {
  while (queue->length) {
    note_function(&queue->other);
    mutex_lock(&queue->lock);
    mutex_unlock(&queue->lock);
    mutex_unlock(&queue->lock); // lockvet-error{{phantom-unlock: drain_without() gives back Queue}}
  }
}
