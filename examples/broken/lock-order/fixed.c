// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: the disk's lock goes before the queue's. Who finds out under the
// queue's lock that the disk must stop remembers it, and stops it afterwards.

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
  const int failed = --disk->queue.pending < 0;
  pthread_mutex_unlock(&disk->queue.lock);
  if (failed)
    disk_stop(disk);
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
