// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// That nobody holds a lock says little far from where it was given back: a function asks in its own
// words whether it is held.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  bool is_locked;
};

static void unlock_if_locked(struct Disk *disk) { // silent
  if (disk->is_locked)
    mutex_unlock(&disk->lock);
}
static void third(struct Disk *disk) { unlock_if_locked(disk); }
static void second(struct Disk *disk) { third(disk); }
static void first(struct Disk *disk) { second(disk); }

void finishes(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
  first(disk);
}

static void unlock(struct Disk *disk) {
  mutex_unlock(&disk->lock); // lockvet-error{{phantom-unlock: unlock() gives back Disk::lock, whi}}
}

void finishes_near(struct Disk *disk) {
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
  unlock(disk);
}
