// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml --arg=-Wthread-safety-beta
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml --arg=-Wthread-safety-beta
//
// Guards that give the lock back by a cleanup attribute, here those of <lockvet/guards.h>.

#include "../Inputs/locks.h"

#include <lockvet/guards.h>

struct TSA_CAPABILITY("disk") DiskLock {
  int state;
};
void disk_lock(struct DiskLock *m) TSA_ACQUIRE(*m);
void disk_unlock(struct DiskLock *m) TSA_RELEASE(*m);
LV_DEFINE_GUARD(disk, struct DiskLock, disk_lock, disk_unlock)

struct Disk {
  struct DiskLock lock;
  int size;
};

static int size_of(struct Disk *disk) {
  LV_GUARD(disk, &disk->lock);
  return disk->size;
}

int in_scope(struct Disk *disk) {
  LV_GUARD(disk, &disk->lock);
  return size_of(disk); // lockvet-error{{lock-excluded: in_scope() holds Disk::lock exclusively}}
}

int in_block(struct Disk *disk) {
  int size = 0;
  LV_WITH_GUARD(disk, &disk->lock) {
    size = size_of(disk); // lockvet-error{{lock-excluded: in_block() holds Disk::lock exclusively}}
  }
  return size;
}

int behind_scope(struct Disk *disk) { // silent
  {
    LV_GUARD(disk, &disk->lock);
    disk->size++;
  }
  return size_of(disk);
}

int behind_block(struct Disk *disk) { // silent
  LV_WITH_GUARD(disk, &disk->lock) {
    disk->size++;
  }
  return size_of(disk);
}

int left_early(struct Disk *disk) { // silent
  for (int turn = 0; turn < 2; ++turn) {
    LV_GUARD(disk, &disk->lock);
    if (disk->size)
      break;
  }
  return size_of(disk);
}

int of_another(struct Disk *disk, struct Disk *child) { // silent
  LV_GUARD(disk, &disk->lock);
  return size_of(child);
}
