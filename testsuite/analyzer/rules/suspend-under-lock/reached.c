// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A holder that says nothing of coroutines: the witness tells first how it comes to run in one.

#include "../Inputs/locks.h"

bool qemu_in_coroutine(void);

struct Queue {
  struct Mutex lock;
  int kind;
};

static void coroutine_mixed_fn unmap(void) {
  if (qemu_in_coroutine())
    co_yield_once();
}

static void pop(struct Queue *queue) {
  mutex_lock(&queue->lock);
  unmap(); // lockvet-error{{suspend-under-lock: pop() holds Queue::lock, a thread's lock}}
  mutex_unlock(&queue->lock);
}

static void serve(struct Queue *queue) {
  pop(queue); // lockvet-note{{calls pop()}}
}

void coroutine_fn co_serve(struct Queue *queue) { // lockvet-note{{co_serve() is marked coroutine_fn}}
  serve(queue); // lockvet-note{{calls serve()}}
}

static void pop_recorded(struct Queue *queue) { // silent: no other way leads into a coroutine
  mutex_lock(&queue->lock);
  unmap();
  mutex_unlock(&queue->lock);
}

// Opaque, says the configuration: only some of what was recorded was recorded in coroutines.
void run_recorded(struct Queue *queue) {
  if (queue->kind == 1)
    pop_recorded(queue);
}

void coroutine_fn co_record(struct Queue *queue) {
  run_recorded(queue);
}
