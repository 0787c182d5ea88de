// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A condition is waited for under a lock that everybody needs who signals it. The mutex of the
// condition itself is given back meanwhile.

#include <pthread.h>

struct Worker {
  pthread_mutex_t lock;
  pthread_cond_t done;
  pthread_cond_t idle;
  int is_done;
};

static pthread_mutex_t config_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;

void finishes(struct Worker *worker) {
  pthread_mutex_lock(&config_lock); // lockvet-note{{takes config_lock}}
  pthread_mutex_lock(&worker->lock);
  worker->is_done = 1;
  // lockvet-note@+1{{under config_lock, as everybody does who signals Worker::done}}
  pthread_cond_signal(&worker->done);
  pthread_mutex_unlock(&worker->lock);
  pthread_mutex_unlock(&config_lock);
}

void waits(struct Worker *worker) {
  pthread_mutex_lock(&config_lock);
  pthread_mutex_lock(&worker->lock);
  while (!worker->is_done)
    // lockvet-error@+1{{lock-order: waits() holds config_lock and waits for Worker::done; fini}}
    pthread_cond_wait(&worker->done, &worker->lock);
  pthread_mutex_unlock(&worker->lock);
  pthread_mutex_unlock(&config_lock);
}

// Some signal it without the lock: those get through.
void idles(struct Worker *worker) {
  pthread_mutex_lock(&list_lock);
  pthread_cond_signal(&worker->idle);
  pthread_mutex_unlock(&list_lock);
}

void idles_quietly(struct Worker *worker) {
  pthread_cond_broadcast(&worker->idle);
}

void waits_until_idle(struct Worker *worker) { // silent
  pthread_mutex_lock(&list_lock);
  pthread_mutex_lock(&worker->lock);
  pthread_cond_wait(&worker->idle, &worker->lock);
  pthread_mutex_unlock(&worker->lock);
  pthread_mutex_unlock(&list_lock);
}
