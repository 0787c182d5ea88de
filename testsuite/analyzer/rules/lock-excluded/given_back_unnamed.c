// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A callee gives back a lock of the class under a name that its caller does not know: whether that
// is the one held is not known, and so not whether it is held afterwards.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  struct Mutex other;
  struct Disk *next;
};
struct Request {
  int id;
};
struct Disk *disk_of(struct Request *request);

static void touch(struct Disk *disk) {
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}

static void unlock_disk_of(struct Request *request) {
  struct Disk *disk = disk_of(request);
  mutex_unlock(&disk->lock);
}

static void finish(struct Request *request) { unlock_disk_of(request); }

static void touch_disk_of(struct Request *request) {
  struct Disk *disk = disk_of(request);
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}

static void unlock_other_of(struct Request *request) {
  struct Disk *disk = disk_of(request);
  mutex_unlock(&disk->other);
}

void gives_back(struct Disk *disk, struct Request *request) { // silent
  mutex_lock(&disk->lock);
  unlock_disk_of(request);
  touch(disk);
}

void gives_back_deep(struct Disk *disk, struct Request *request) { // silent
  mutex_lock(&disk->lock);
  finish(request);
  touch(disk);
}

void takes_and_gives_back(struct Disk *disk, struct Request *request) {
  mutex_lock(&disk->lock);
  touch_disk_of(request);
  // lockvet-error@+1{{lock-excluded: takes_and_gives_back() holds Disk::lock exclusively}}
  touch(disk);
  mutex_unlock(&disk->lock);
}

void gives_another_back(struct Disk *disk, struct Request *request) {
  mutex_lock(&disk->lock);
  unlock_other_of(request);
  touch(disk); // lockvet-error{{lock-excluded: gives_another_back() holds Disk::lock exclusively}}
  mutex_unlock(&disk->lock);
}
