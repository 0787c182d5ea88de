// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_c %s --check-arg=--guesses | FileCheck %s
//
// A way of many calls rests on more conditions than are likely to come together: a guess.

// CHECK: error: threads can wait for each other: submit() holds disk_lock and takes queue_lock;

#include <pthread.h>

// lockvet-silent

static pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;

static void f(int i) {
  if (i == 6) {
    pthread_mutex_lock(&queue_lock);
    pthread_mutex_unlock(&queue_lock);
  }
}
static void e(int i) { if (i != 5) f(i); }
static void d(int i) { if (i != 4) e(i); }
static void c(int i) { if (i != 3) d(i); }
static void b(int i) { if (i != 2) c(i); }
static void a(int i) { if (i != 1) b(i); }

void submit(int i) {
  pthread_mutex_lock(&disk_lock);
  a(i);
  pthread_mutex_unlock(&disk_lock);
}

void complete(void) {
  pthread_mutex_lock(&queue_lock);
  pthread_mutex_lock(&disk_lock);
  pthread_mutex_unlock(&disk_lock);
  pthread_mutex_unlock(&queue_lock);
}
