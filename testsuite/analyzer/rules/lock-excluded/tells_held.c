// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A predicate answers whether the lock is held: who asks does not take it again.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  int size;
};

static int careful(struct Disk *disk) {
  if (mutex_is_held(&disk->lock))
    return disk->size;
  mutex_lock(&disk->lock);
  int size = disk->size;
  mutex_unlock(&disk->lock);
  return size;
}

static int careless(struct Disk *disk) {
  if (!mutex_is_held(&disk->lock))
    return 0;
  mutex_lock(&disk->lock); // lockvet-error{{lock-excluded: careless() holds Disk::lock exclusivel}}
  int size = disk->size;
  mutex_unlock(&disk->lock);
  return size;
}

int asks(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  int size = careful(disk);
  mutex_unlock(&disk->lock);
  return size + careful(disk);
}

int asks_wrong(struct Disk *disk) {
  mutex_lock(&disk->lock);
  int size = careless(disk); // lockvet-error{{lock-excluded: asks_wrong() holds Disk::lock}}
  mutex_unlock(&disk->lock);
  return size;
}

int remembers(struct Disk *disk) { // silent
  const bool was_held = mutex_is_held(&disk->lock);
  if (!was_held)
    mutex_lock(&disk->lock);
  int size = disk->size;
  if (!was_held)
    mutex_unlock(&disk->lock);
  return size + careful(disk);
}
