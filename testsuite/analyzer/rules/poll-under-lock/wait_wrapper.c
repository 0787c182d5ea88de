// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A condition variable's wait gives the lock back while it waits: its wrapper does what it does.

#include "../Inputs/locks.h"

struct Queue {
  struct Mutex lock;
  int length;
};

static void wait_released(struct Mutex *m) {
  mutex_unlock(m);
  run_event_loop();
  mutex_lock(m);
}

static void queue_wait(struct Queue *queue) {
  wait_released(&queue->lock);
}

static void wait_holding(struct Mutex *m) {
  (void)m;
  run_event_loop();
}

void waits_well(struct Queue *queue) { // silent
  mutex_lock(&queue->lock);
  while (queue->length == 0)
    queue_wait(queue);
  mutex_unlock(&queue->lock);
}

void waits_badly(struct Queue *queue) {
  mutex_lock(&queue->lock);
  while (queue->length == 0)
    wait_holding(&queue->lock); // lockvet-error{{poll-under-lock: waits_badly() holds Queue::lock}}
  mutex_unlock(&queue->lock);
}

void waits_with_another(struct Queue *queue, struct Queue *other) {
  mutex_lock(&queue->lock);
  mutex_lock(&other->lock);
  mutex_unlock(&other->lock);
  mutex_unlock(&queue->lock);
}
