// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Hand over hand along a list: the next one is locked while this one is held.

#include "../Inputs/locks.h"

// lockvet-silent

struct Node {
  struct Mutex lock;
  struct Node *next;
};

void hand_over_hand(struct Node *head) {
  struct Node *node = head;
  mutex_lock(&node->lock);
  while (node->next) {
    struct Node *next = node->next;
    mutex_lock(&next->lock);
    mutex_unlock(&node->lock);
    node = next;
  }
  mutex_unlock(&node->lock);
}

static void lock_children(struct Node *node) {
  mutex_lock(&node->next->lock);
  mutex_unlock(&node->next->lock);
}

void locks_child(struct Node *node) {
  mutex_lock(&node->lock);
  lock_children(node);
  mutex_unlock(&node->lock);
}
