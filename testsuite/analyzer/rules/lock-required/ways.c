// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule lock-required
// RUN: %check_cpp %s --verify --rule lock-required
//
// Held on some ways through a body and not on others.

#include "../Inputs/mutex.h"

bool mutex_trylock(struct Mutex *m) TSA(try_acquire_capability(true, m));

struct Disk {
  struct Mutex lock;
  int size;
};
int plain_read(void);
int needs_lock(struct Disk *disk) TSA_REQUIRES(disk->lock);

static int helper(struct Disk *disk) {
  return needs_lock(disk);
}

int unlocks_early(struct Disk *disk, bool is_bad) {
  mutex_lock(&disk->lock);
  if (is_bad) {
    mutex_unlock(&disk->lock);
    return helper(disk); // lockvet-error{{lock-required: unlocks_early() does not hold Disk::lock}}
  }
  int size = helper(disk);
  mutex_unlock(&disk->lock);
  return size;
}

int reads_on(struct Disk *disk) {
  mutex_lock(&disk->lock);
  int size = disk->size;
  mutex_unlock(&disk->lock);
  return size + helper(disk); // lockvet-error{{lock-required: reads_on() does not hold Disk::lock}}
}

int behind_out(struct Disk *disk, bool is_bad) {
  int size = 0;
  mutex_lock(&disk->lock);
  if (is_bad)
    goto out;
  size = disk->size;
out:
  mutex_unlock(&disk->lock);
  return size + helper(disk); // lockvet-error{{lock-required: behind_out() does not hold Disk::lo}}
}

int goes_out(struct Disk *disk, bool is_bad) { // silent
  int size = 0;
  mutex_lock(&disk->lock);
  if (is_bad)
    goto out;
  size = helper(disk);
out:
  mutex_unlock(&disk->lock);
  return size;
}

int by_flag(struct Disk *disk, bool is_locked) { // silent: a flag says whether it is held
  if (!is_locked)
    mutex_lock(&disk->lock);
  int size = helper(disk);
  if (!is_locked)
    mutex_unlock(&disk->lock);
  return size;
}

int tries(struct Disk *disk) { // silent
  int size = 0;
  if (mutex_trylock(&disk->lock)) {
    size = helper(disk);
    mutex_unlock(&disk->lock);
  }
  return size;
}

int did_not_get_it(struct Disk *disk) { // silent: a caller may have it
  if (mutex_trylock(&disk->lock)) {
    mutex_unlock(&disk->lock);
    return 0;
  }
  return helper(disk);
}

int of_another(struct Disk *disk, struct Disk *child) { // silent: of the other nothing is known
  mutex_lock(&disk->lock);
  int size = helper(disk);
  mutex_unlock(&disk->lock);
  return size + helper(child);
}

int locks_again(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  while (disk->size == 0) {
    mutex_unlock(&disk->lock);
    plain_read();
    mutex_lock(&disk->lock);
  }
  int size = helper(disk);
  mutex_unlock(&disk->lock);
  return size;
}
