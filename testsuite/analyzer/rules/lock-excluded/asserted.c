// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Who asserts that the lock is held does not take it; nor may it call who does.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  int size;
};

static void touch(struct Disk *disk) {
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}

int asserts_and_takes(struct Disk *disk) {
  mutex_assert_held(&disk->lock);
  touch(disk); // lockvet-error{{lock-excluded: asserts_and_takes() holds Disk::lock exclusively}}
  return disk->size;
}

static int size_locked(struct Disk *disk) { // silent
  mutex_assert_held(&disk->lock);
  return disk->size;
}

int holds(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  int size = size_locked(disk);
  mutex_unlock(&disk->lock);
  return size;
}

int size_of(struct Disk *disk) { // silent: what it asserts is over when it has been given back
  mutex_lock(&disk->lock);
  int size = size_locked(disk);
  mutex_unlock(&disk->lock);
  touch(disk);
  return size;
}
