// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// An argument says whether the caller holds the lock.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  int size;
};

static int size_of(struct Disk *disk, bool is_locked) {
  if (!is_locked)
    mutex_lock(&disk->lock);
  int size = disk->size;
  if (!is_locked)
    mutex_unlock(&disk->lock);
  return size;
}

int tells_wrong(struct Disk *disk) {
  mutex_lock(&disk->lock);
  int size = size_of(disk, false); // lockvet-error{{lock-excluded: tells_wrong() holds Disk::lock}}
  mutex_unlock(&disk->lock);
  return size;
}

int tells_right(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  int size = size_of(disk, true);
  mutex_unlock(&disk->lock);
  return size;
}

int does_not_hold(struct Disk *disk) { // silent
  return size_of(disk, false);
}

static int half_of(struct Disk *disk, bool is_locked) {
  return size_of(disk, is_locked) / 2;
}

int hands_on(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  int size = half_of(disk, true);
  mutex_unlock(&disk->lock);
  return size + half_of(disk, false);
}
