// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The look-alikes of relock.c: it is another lock, or it was given back.

#include "../Inputs/locks.h"

// lockvet-silent

struct Inner {
  struct Mutex lock;
};
struct Disk {
  struct Mutex lock;
  struct Mutex other;
  struct Inner inner;
  struct Inner *outer;
  struct RecMutex rec;
  int size;
};
static struct Mutex list_lock;
static struct Mutex free_lock;

static int size_of(struct Disk *disk) {
  mutex_lock(&disk->lock);
  int size = disk->size;
  mutex_unlock(&disk->lock);
  return size;
}

int two_globals(void) {
  mutex_lock(&list_lock);
  mutex_lock(&free_lock);
  mutex_unlock(&free_lock);
  mutex_unlock(&list_lock);
  return 0;
}

int other_field(struct Disk *disk) {
  mutex_lock(&disk->other);
  int size = size_of(disk);
  mutex_unlock(&disk->other);
  return size;
}

int other_object(struct Disk *disk, struct Disk *child) {
  mutex_lock(&disk->lock);
  int size = size_of(child);
  mutex_unlock(&disk->lock);
  return size;
}

int given_back(struct Disk *disk) {
  mutex_lock(&disk->lock);
  int size = disk->size;
  mutex_unlock(&disk->lock);
  return size + size_of(disk);
}

static void touch(struct Mutex *m) {
  mutex_lock(m);
  mutex_unlock(m);
}

void parts_of_one(struct Disk *disk) {
  mutex_lock(&disk->inner.lock);
  touch(&disk->outer->lock);
  touch(&disk->lock);
  mutex_unlock(&disk->inner.lock);
}

static void touch_rec(struct Disk *disk) {
  rec_lock(&disk->rec);
  rec_unlock(&disk->rec);
}

void reentrant(struct Disk *disk) {
  rec_lock(&disk->rec);
  rec_lock(&disk->rec);
  touch_rec(disk);
  rec_unlock(&disk->rec);
  rec_unlock(&disk->rec);
}

static void walk(struct Disk *disk, int depth) {
  touch(&disk->lock);
  if (depth)
    walk(disk, depth - 1);
}

void recursion(struct Disk *disk) {
  walk(disk, 3);
}

void moved_on(struct Disk *disk, struct Disk *next) {
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
  disk = next;
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}

void in_a_loop(struct Disk *disks, int count) {
  for (int index = 0; index < count; ++index) {
    mutex_lock(&disks[index].lock);
    touch(&list_lock);
    mutex_unlock(&disks[index].lock);
  }
}
