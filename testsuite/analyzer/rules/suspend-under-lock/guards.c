// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Guards with a cleanup attribute, and locks that are only tried.

#include "../Inputs/locks.h"

static inline struct Mutex *enter(struct Mutex *m) {
  mutex_lock(m);
  return m;
}
static inline void leave(struct Mutex **m) {
  if (*m)
    mutex_unlock(*m);
}
#define GUARD(m) struct Mutex *guard __attribute__((cleanup(leave), unused)) = enter(m)

struct Disk {
  struct Mutex lock;
  int size;
};

static void coroutine_fn co_wait_once(void) {
  co_yield_once();
}

int coroutine_fn co_in_scope(struct Disk *disk) {
  GUARD(&disk->lock);
  if (disk->size)
    co_wait_once(); // lockvet-error{{suspend-under-lock: co_in_scope() holds Disk::lock}}
  return disk->size;
}

int coroutine_fn co_behind_scope(struct Disk *disk) { // silent
  int size;
  {
    GUARD(&disk->lock);
    size = disk->size;
  }
  co_yield_once();
  return size;
}

void coroutine_fn co_tries(struct Disk *disk) { // silent
  while (!mutex_trylock(&disk->lock))
    co_yield_once();
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_tries_and_stays(struct Disk *disk) {
  if (!mutex_trylock(&disk->lock))
    return;
  co_yield_once(); // lockvet-error{{suspend-under-lock: co_tries_and_stays() holds Disk::lock}}
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_by_flag(struct Disk *disk, bool locked) { // silent
  if (locked)
    mutex_lock(&disk->lock);
  if (!locked)
    co_yield_once();
  if (locked)
    mutex_unlock(&disk->lock);
}
