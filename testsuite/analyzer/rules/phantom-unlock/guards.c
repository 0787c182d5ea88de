// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A guard whose value is taken out of it does not give the lock back at its end.

#include "../Inputs/locks.h"

static inline struct Mutex *enter(struct Mutex *m) {
  mutex_lock(m);
  return m;
}
static inline void leave(struct Mutex **m) {
  if (*m)
    mutex_unlock(*m);
}
#define GUARD(name, m) struct Mutex *name __attribute__((cleanup(leave), unused)) = enter(m)

struct Disk {
  struct Mutex lock;
  int size;
};

int dropped(struct Disk *disk) { // silent
  GUARD(guard, &disk->lock);
  int size = disk->size;
  mutex_unlock(guard);
  guard = NULL;
  plain_read();
  return size;
}

int to_the_end(struct Disk *disk) { // silent
  GUARD(guard, &disk->lock);
  if (disk->size == 0)
    return -1;
  return disk->size;
}

int lets_others_in(struct Disk *disk) { // silent
  GUARD(guard, &disk->lock);
  mutex_unlock(&disk->lock);
  plain_read();
  mutex_lock(&disk->lock);
  return disk->size;
}

int by_hand_too(struct Disk *disk) {
  mutex_lock(&disk->lock);
  int size = disk->size;
  mutex_unlock(&disk->lock);
  mutex_unlock(&disk->lock); // lockvet-error{{phantom-unlock: by_hand_too() gives back Disk::lock}}
  return size;
}
