// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A lock is handed over by a pointer to itself, to what takes it again.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  struct Mutex other;
};
static struct Mutex list_lock;

static void touch(struct Mutex *m) {
  mutex_lock(m);
  mutex_unlock(m);
}

static void touch_deep(struct Mutex *m, int times) {
  while (times--)
    touch(m);
}

void of_an_object(struct Disk *disk) {
  mutex_lock(&disk->lock);
  touch(&disk->lock); // lockvet-error{{lock-excluded: of_an_object() holds Disk::lock exclusively}}
  mutex_unlock(&disk->lock);
}

void some_calls_down(struct Disk *disk) {
  mutex_lock(&disk->lock);
  // lockvet-error@+1{{lock-excluded: some_calls_down() holds Disk::lock exclusively and calls}}
  touch_deep(&disk->lock, 2);
  mutex_unlock(&disk->lock);
}

void another(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  touch(&disk->other);
  touch(&list_lock);
  mutex_unlock(&disk->lock);
}

void another_deep(struct Disk *disk, struct Disk *child) { // silent
  mutex_lock(&disk->lock);
  touch_deep(&disk->other, 2);
  touch_deep(&child->lock, 2);
  mutex_unlock(&disk->lock);
}

void given_back(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
  touch(&disk->lock);
}
