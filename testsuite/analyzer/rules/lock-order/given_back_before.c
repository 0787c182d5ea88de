// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The first lock is given back before the second is taken: by the function itself, by a callee that
// takes it again when it is done, and on the way out of an error.

#include <pthread.h>

// lockvet-silent

static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;

static void enqueue(void) {
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_unlock(&queue_lock);
}

void submit(void) {
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_unlock(&disk_lock);
  enqueue();
}

static void enqueue_unlocked(void) {
  pthread_mutex_unlock(&disk_lock);
  enqueue();
  pthread_mutex_lock(&disk_lock);
}

void submit_all(void) {
  pthread_mutex_lock(&disk_lock);
  enqueue_unlocked();
  pthread_mutex_unlock(&disk_lock);
}

int submit_one(int fails) {
  pthread_mutex_lock(&disk_lock);
  if (fails)
    goto fail;
  pthread_mutex_unlock(&disk_lock);
  return 0;
fail:
  pthread_mutex_unlock(&disk_lock);
  enqueue();
  return -1;
}

void complete(void) {
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&queue_lock);
}
