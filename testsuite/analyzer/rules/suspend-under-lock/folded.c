// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Where many calls under a lock lead to one place that suspends, the finding is about that place,
// and shows the shortest way there.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
};

static void coroutine_fn co_settle(void) {
  co_yield_once();
}

static void coroutine_fn co_write(struct Disk *disk) {
  co_settle();
}

void coroutine_fn co_far(struct Disk *disk) { // silent: it is counted at the nearest
  mutex_lock(&disk->lock);
  co_write(disk);
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_near(struct Disk *disk) {
  mutex_lock(&disk->lock);
  // lockvet-error@+1{{suspend-under-lock: 2 other calls under the lock lead there, too}}
  co_settle();
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_as_near(struct Disk *disk) { // silent: the same
  mutex_lock(&disk->lock);
  co_settle();
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_itself(struct Disk *disk) {
  mutex_lock(&disk->lock);
  co_yield_once(); // lockvet-error{{suspend-under-lock: co_itself() holds Disk::lock, a thread's}}
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_third(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
  co_settle();
}
