// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The coroutine suspends some calls down. A function for both contexts suspends only inside.

#include "../Inputs/locks.h"

bool qemu_in_coroutine(void);

struct Disk {
  struct Mutex lock;
  struct Mutex queue_lock;
  int busy;
};

static void coroutine_fn co_wait(struct Disk *disk) {
  while (disk->busy)
    co_yield_once();
}

static void coroutine_mixed_fn wait(struct Disk *disk) {
  if (qemu_in_coroutine())
    co_wait(disk);
}

void coroutine_fn co_flush(struct Disk *disk) {
  mutex_lock(&disk->lock);
  // lockvet-error@+1{{suspend-under-lock: co_flush() holds Disk::lock, a thread's lock, and calls}}
  co_wait(disk);
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_flush_mixed(struct Disk *disk) {
  mutex_lock(&disk->queue_lock);
  wait(disk); // lockvet-error{{suspend-under-lock: wait(), which can suspend the coroutine}}
  mutex_unlock(&disk->queue_lock);
}

void no_coroutine_fn flush(struct Disk *disk) { // silent: outside nothing suspends
  mutex_lock(&disk->lock);
  wait(disk);
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_flush_well(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  while (disk->busy) {
    mutex_unlock(&disk->lock);
    co_wait(disk);
    mutex_lock(&disk->lock);
  }
  mutex_unlock(&disk->lock);
}

static void coroutine_fn co_wait_released(struct Disk *disk) { // silent: gives it back meanwhile
  mutex_unlock(&disk->lock);
  co_yield_once();
  mutex_lock(&disk->lock);
}

void coroutine_fn co_pops(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  while (disk->busy)
    co_wait_released(disk);
  mutex_unlock(&disk->lock);
}
