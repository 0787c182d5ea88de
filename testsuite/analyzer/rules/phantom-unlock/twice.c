// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A lock is given back once too often.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  struct RecMutex rec;
  int size;
};

int gives_back_twice(struct Disk *disk) {
  mutex_lock(&disk->lock);
  int size = disk->size;
  mutex_unlock(&disk->lock); // lockvet-note{{gives back Disk::lock with mutex_unlock()}}
  if (size == 0)
    // lockvet-error@+1{{phantom-unlock: gives_back_twice() gives back Disk::lock, which is not he}}
    mutex_unlock(&disk->lock);
  return size;
}

static void finish(struct Disk *disk) {
  disk->size = 0;
  // lockvet-error@+1{{phantom-unlock: finish() gives back Disk::lock, which is not held}}
  mutex_unlock(&disk->lock);
}

void finishes_unlocked(struct Disk *disk) {
  mutex_lock(&disk->lock);
  disk->size++;
  mutex_unlock(&disk->lock);
  finish(disk);
}

void once_on_each_way(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  if (disk->size == 0) {
    mutex_unlock(&disk->lock);
    return;
  }
  mutex_unlock(&disk->lock);
}

void by_label(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  if (disk->size == 0)
    goto out;
  mutex_unlock(&disk->lock);
  plain_read();
  mutex_lock(&disk->lock);
out:
  mutex_unlock(&disk->lock);
}

void as_often_as_taken(struct Disk *disk) { // silent
  rec_lock(&disk->rec);
  rec_lock(&disk->rec);
  rec_unlock(&disk->rec);
  rec_unlock(&disk->rec);
}

void as_callers_know(struct Disk *disk) { // silent: nothing is known of the caller's lock
  mutex_unlock(&disk->lock);
}

void of_two(struct Disk *disk, struct Disk *other) { // silent
  mutex_lock(&disk->lock);
  mutex_lock(&other->lock);
  mutex_unlock(&other->lock);
  mutex_unlock(&disk->lock);
}
