// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Trying a lock that is held does not wait; and who did not get it does not hold it.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
};

static bool try_touch(struct Disk *disk) {
  if (!mutex_trylock(&disk->lock))
    return false;
  mutex_unlock(&disk->lock);
  return true;
}

static void touch(struct Disk *disk) {
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}

bool tries_again(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  bool got = try_touch(disk);
  mutex_unlock(&disk->lock);
  return got;
}

void takes_it_if_free(struct Disk *disk) { // silent
  if (!mutex_trylock(&disk->lock))
    mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}

void takes_it_if_got(struct Disk *disk) {
  if (mutex_trylock(&disk->lock))
    touch(disk); // lockvet-error{{lock-excluded: takes_it_if_got() holds Disk::lock exclusively}}
}

void error_means_not(struct Disk *disk) { // silent
  if (mutex_lock_or_error(&disk->lock) < 0) {
    touch(disk);
    return;
  }
  mutex_unlock(&disk->lock);
}

void success_means_held(struct Disk *disk) {
  if (mutex_lock_or_error(&disk->lock) == 0) {
    touch(disk); // lockvet-error{{lock-excluded: success_means_held() holds Disk::lock exclusivel}}
    mutex_unlock(&disk->lock);
  }
}
