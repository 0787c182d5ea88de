// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A queue of requests rings its doorbell once for many of them: what does it is handed to
// plug_call(), which waits for the end of a batch. When nobody has begun a batch it calls at once,
// and then the queue's lock is still held by the one who submits.

#include <pthread.h>

struct Queue {
  pthread_mutex_t lock;
  int tail;
  int doorbell;
};

static int batches;
static void (*pending)(void *opaque);
static void *pending_opaque;

static void plug_call(void (*function)(void *opaque), void *opaque) {
  if (batches == 0) {
    function(opaque);
    return;
  }
  pending = function;
  pending_opaque = opaque;
}

static void ring_doorbell(void *opaque) {
  struct Queue *queue = opaque;
  pthread_mutex_lock(&queue->lock);
  queue->doorbell = queue->tail;
  pthread_mutex_unlock(&queue->lock);
}

static void submit(struct Queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->tail++;
  plug_call(ring_doorbell, queue);
  pthread_mutex_unlock(&queue->lock);
}

int main(void) {
  struct Queue queue = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
  submit(&queue);
  if (pending)
    pending(pending_opaque);
  return 0;
}
