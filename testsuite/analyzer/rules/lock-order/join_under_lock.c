// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A thread is waited for under a lock that it takes itself.

#include <pthread.h>
#include <stddef.h>

struct Worker {
  pthread_mutex_t lock;
  pthread_mutex_t stop_lock;
  pthread_t thread;
  int stopping;
};

static void step(struct Worker *worker) {
  pthread_mutex_lock(&worker->lock); // lockvet-note{{which takes Worker::lock}}
  pthread_mutex_unlock(&worker->lock);
}

static void *run(void *opaque) { // lockvet-note{{a thread runs run()}}
  step((struct Worker *)opaque); // lockvet-note{{calls step()}}
  return NULL;
}

void start(struct Worker *worker) {
  pthread_create(&worker->thread, NULL, run, worker);
}

void stop(struct Worker *worker) {
  pthread_mutex_lock(&worker->lock);
  worker->stopping = 1;
  // lockvet-error@+1{{lock-order: stop() holds Worker::lock and waits for the end of the thread}}
  pthread_join(worker->thread, NULL);
  pthread_mutex_unlock(&worker->lock);
}

void stop_well(struct Worker *worker) { // silent
  pthread_mutex_lock(&worker->lock);
  worker->stopping = 1;
  pthread_mutex_unlock(&worker->lock);
  pthread_join(worker->thread, NULL);
}

void stop_once(struct Worker *worker) { // silent: the thread does not take this one
  pthread_mutex_lock(&worker->stop_lock);
  pthread_join(worker->thread, NULL);
  pthread_mutex_unlock(&worker->stop_lock);
}
