// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A disk and the queue of its requests have a lock each. Submitting takes the disk's lock, and
// appending, two calls down, the queue's. The thread that completes requests takes the queue's lock
// and, for an error, stops the disk under it. Each function is right by itself, and so is each
// file.

#include <pthread.h>
#include <stddef.h>

struct Queue {
  pthread_mutex_t lock;
  int pending;
};

struct Disk {
  pthread_mutex_t lock;
  struct Queue queue;
  int stopped;
};

static void queue_append(struct Queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->pending++;
  pthread_mutex_unlock(&queue->lock);
}

static void disk_submit(struct Disk *disk) {
  pthread_mutex_lock(&disk->lock);
  if (!disk->stopped)
    queue_append(&disk->queue);
  pthread_mutex_unlock(&disk->lock);
}

static void disk_stop(struct Disk *disk) {
  pthread_mutex_lock(&disk->lock);
  disk->stopped = 1;
  pthread_mutex_unlock(&disk->lock);
}

static void *complete_requests(void *opaque) {
  struct Disk *disk = opaque;
  pthread_mutex_lock(&disk->queue.lock);
  if (--disk->queue.pending < 0)
    disk_stop(disk);
  pthread_mutex_unlock(&disk->queue.lock);
  return NULL;
}

int main(void) {
  static struct Disk disk = {.lock = PTHREAD_MUTEX_INITIALIZER,
                             .queue = {.lock = PTHREAD_MUTEX_INITIALIZER}};
  pthread_t completer;
  if (pthread_create(&completer, NULL, complete_requests, &disk) != 0)
    return 1;
  disk_submit(&disk);
  pthread_join(completer, NULL);
  return disk.stopped;
}
