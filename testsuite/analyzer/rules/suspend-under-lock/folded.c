// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Where many hold a lock over one that suspends, the finding is about that one.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
};

static void coroutine_fn co_settle(void) {
  co_yield_once();
}

void coroutine_fn co_first(struct Disk *disk) {
  mutex_lock(&disk->lock);
  // lockvet-error@+1{{suspend-under-lock: one other calls it under the lock, too}}
  co_settle();
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_second(struct Disk *disk) {
  mutex_lock(&disk->lock);
  co_settle();
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_third(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
  co_settle();
}
