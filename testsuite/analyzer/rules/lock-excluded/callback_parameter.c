// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A callback that is called at once takes the lock that its registrar holds; two callers hand
// different ones over.

#include "../Inputs/locks.h"

struct Queue {
  struct Mutex lock;
};

static void unplug(void (*run)(void *opaque), void *opaque) {
  run(opaque);
}

static void process(void *opaque) {
  struct Queue *queue = (struct Queue *)opaque;
  mutex_lock(&queue->lock);
  mutex_unlock(&queue->lock);
}

static void count(void *opaque) {
  (void)opaque;
  plain_read();
}

void submits(struct Queue *queue) {
  mutex_lock(&queue->lock);
  unplug(process, queue); // lockvet-error{{lock-excluded: submits() holds Queue::lock exclusively}}
  mutex_unlock(&queue->lock);
}

void counts(struct Queue *queue) { // silent
  mutex_lock(&queue->lock);
  unplug(count, queue);
  mutex_unlock(&queue->lock);
}

void submits_behind(struct Queue *queue) { // silent
  mutex_lock(&queue->lock);
  mutex_unlock(&queue->lock);
  unplug(process, queue);
}

void submits_another(struct Queue *queue, struct Queue *other) { // silent
  mutex_lock(&queue->lock);
  unplug(process, other);
  mutex_unlock(&queue->lock);
}

void schedules(struct Queue *queue) { // silent: it runs later
  mutex_lock(&queue->lock);
  schedule_later(process, queue);
  mutex_unlock(&queue->lock);
}
