// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Of two functions in one call, either is called, and not one after the other.

#include "../Inputs/locks.h"

struct Disk {
  struct RwLock lock;
  struct Mutex mutex;
  int size;
};

void gives_back_either(bool write, struct Disk *disk) { // silent
  (write ? rw_wrunlock : rw_rdunlock)(&disk->lock);
}

void takes_and_gives_back(bool write, struct Disk *disk) { // silent
  if (write)
    rw_wrlock(&disk->lock);
  else
    rw_rdlock(&disk->lock);
  (write ? rw_wrunlock : rw_rdunlock)(&disk->lock);
}

void takes_either(bool first, struct Disk *disk) {
  (first ? rw_wrlock : rw_rdlock)(&disk->lock);
  disk->size++;
  (first ? rw_wrunlock : rw_rdunlock)(&disk->lock);
  mutex_lock(&disk->mutex);
  mutex_unlock(&disk->mutex);
  // lockvet-error@+1{{phantom-unlock: takes_either() gives back Disk::mutex, which is not held}}
  mutex_unlock(&disk->mutex);
}
