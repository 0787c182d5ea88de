// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A parent's lock and its child's are of one class: what order they have is not known. The same
// holds for two that are handed over.

#include <pthread.h>

// lockvet-silent

struct Node {
  struct Node *parent;
  pthread_mutex_t lock;
};

void adopt(struct Node *node) {
  pthread_mutex_lock(&node->parent->lock);
  pthread_mutex_lock(&node->lock);
  pthread_mutex_unlock(&node->lock);
  pthread_mutex_unlock(&node->parent->lock);
}

void moves(struct Node *from, struct Node *to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock);
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

static void locks_both(pthread_mutex_t *one, pthread_mutex_t *other) {
  pthread_mutex_lock(one);
  pthread_mutex_lock(other);
}

void swaps(struct Node *one, struct Node *other) {
  locks_both(&one->lock, &other->lock);
  pthread_mutex_unlock(&one->lock);
  pthread_mutex_unlock(&other->lock);
}
