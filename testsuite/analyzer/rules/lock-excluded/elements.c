// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Elements of one array are different locks, and which one is meant is not known.

#include "../Inputs/locks.h"

// lockvet-silent

struct Shard {
  struct Mutex lock;
};
static struct Shard shards[16];

static void touch(struct Shard *shard) {
  mutex_lock(&shard->lock);
  mutex_unlock(&shard->lock);
}

void two_of_them(int one, int other) {
  mutex_lock(&shards[one].lock);
  touch(&shards[other]);
  mutex_unlock(&shards[one].lock);
}

void neighbours(struct Shard *shard) {
  mutex_lock(&shard[0].lock);
  mutex_lock(&shard[1].lock);
  mutex_unlock(&shard[1].lock);
  mutex_unlock(&shard[0].lock);
}
