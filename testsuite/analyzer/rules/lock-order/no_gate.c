// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A lock that only looks like a gate: one caller does not hold it, or it is taken too late.

#include <pthread.h>

static pthread_mutex_t big_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t late_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t read_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t write_lock = PTHREAD_MUTEX_INITIALIZER;

void submit(void) {
  pthread_mutex_lock(&big_lock);
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_lock(&queue_lock); // lockvet-error{{lock-order: takes queue_lock;}}
  pthread_mutex_unlock(&queue_lock);
  pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&big_lock);
}

static void complete_locked(void) {
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&queue_lock);
}

void complete(void) {
  pthread_mutex_lock(&big_lock);
  complete_locked();
  pthread_mutex_unlock(&big_lock);
}

void cancel(void) {
  complete_locked();
}

void copies(void) {
  pthread_mutex_lock(&read_lock);
  pthread_mutex_lock(&late_lock); // lockvet-error{{lock-order: copies() holds read_lock and takes}}
  // lockvet-error@+1{{lock-order: takes late_lock; and 1 other cycle through these places}}
  pthread_mutex_lock(&write_lock);
  pthread_mutex_unlock(&write_lock);
  pthread_mutex_unlock(&late_lock);
  pthread_mutex_unlock(&read_lock);
}

void copies_back(void) {
  pthread_mutex_lock(&write_lock);
  pthread_mutex_lock(&late_lock);
  pthread_mutex_lock(&read_lock);
  pthread_mutex_unlock(&read_lock);
  pthread_mutex_unlock(&late_lock);
  pthread_mutex_unlock(&write_lock);
}
