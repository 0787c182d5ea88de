// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A lock is taken again by who holds it, some calls down, through pointers of all kinds.

#include "../Inputs/locks.h"

struct Inner {
  struct Mutex lock;
};
struct Disk {
  struct Mutex lock;
  struct Inner inner;
  struct Inner *outer;
  int size;
};
static struct Mutex list_lock;

static int size_of(struct Disk *disk) {
  mutex_lock(&disk->lock); // lockvet-note{{calls mutex_lock(), which takes it again}}
  int size = disk->size;
  mutex_unlock(&disk->lock);
  return size;
}

int at_once(void) {
  mutex_lock(&list_lock);
  mutex_lock(&list_lock); // lockvet-error{{lock-excluded: at_once() holds list_lock exclusively a}}
  mutex_unlock(&list_lock);
  return 0;
}

int one_down(struct Disk *disk) {
  mutex_lock(&disk->lock);
  int size = size_of(disk); // lockvet-error{{lock-excluded: one_down() holds Disk::lock exclusive}}
  mutex_unlock(&disk->lock);
  return size;
}

static int half_of(struct Disk *whole) {
  return size_of(whole) / 2; // lockvet-note{{calls size_of()}}
}

int two_down(struct Disk *disk) {
  mutex_lock(&disk->lock);
  int size = half_of(disk); // lockvet-error{{lock-excluded: two_down() holds Disk::lock exclusive}}
  mutex_unlock(&disk->lock);
  return size;
}

static void touch_inner(struct Inner *inner) {
  mutex_lock(&inner->lock);
  mutex_unlock(&inner->lock);
}

void field_of_field(struct Disk *disk) {
  mutex_lock(&disk->inner.lock);
  touch_inner(&disk->inner); // lockvet-error{{lock-excluded: field_of_field() holds Inner::lock}}
  mutex_unlock(&disk->inner.lock);
}

void behind_a_pointer(struct Disk *disk) {
  mutex_lock(&disk->outer->lock);
  touch_inner(disk->outer); // lockvet-error{{lock-excluded: behind_a_pointer() holds Inner::lock}}
  mutex_unlock(&disk->outer->lock);
}

void kept_in_a_local(struct Disk *disk) {
  struct Inner *inner = disk->outer;
  mutex_lock(&inner->lock);
  touch_inner(inner); // lockvet-error{{lock-excluded: kept_in_a_local() holds Inner::lock}}
  mutex_unlock(&inner->lock);
}
