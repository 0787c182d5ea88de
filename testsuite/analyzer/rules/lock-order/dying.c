// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// What is done on the way to the end of the program does not make it wait: nobody expects more of
// it.

#include <pthread.h>
#include <stdlib.h>

// lockvet-silent

static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

static void log_line(void) {
  pthread_mutex_lock(&log_lock);
  pthread_mutex_unlock(&log_lock);
}

static void check(int is_fine) {
  if (!is_fine) {
    log_line();
    abort();
  }
}

void submit(int is_fine) {
  pthread_mutex_lock(&disk_lock);
  check(is_fine);
  pthread_mutex_unlock(&disk_lock);
}

void rotates(void) {
  pthread_mutex_lock(&log_lock);
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&log_lock);
}
