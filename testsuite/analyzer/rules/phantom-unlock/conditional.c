// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Whether there is something to give back depends on what was asked before.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  int size;
};

void by_flag(struct Disk *disk, bool locked) { // silent
  if (locked)
    mutex_lock(&disk->lock);
  plain_read();
  if (locked)
    mutex_unlock(&disk->lock);
}

void by_variable(struct Disk *disk) { // silent
  bool locked = false;
  if (plain_read()) {
    mutex_lock(&disk->lock);
    locked = true;
  }
  if (locked)
    mutex_unlock(&disk->lock);
}

void by_the_wrong_flag(struct Disk *disk, bool locked) {
  if (locked)
    mutex_lock(&disk->lock);
  plain_read();
  if (locked)
    mutex_unlock(&disk->lock);
  if (locked)
    mutex_unlock(&disk->lock); // lockvet-error{{phantom-unlock: by_the_wrong_flag() gives back}}
}

void tries(struct Disk *disk) { // silent
  const bool got = mutex_trylock(&disk->lock);
  plain_read();
  if (got)
    mutex_unlock(&disk->lock);
}

void on_error(struct Disk *disk) { // silent
  if (mutex_lock_or_error(&disk->lock))
    return;
  mutex_unlock(&disk->lock);
}

void on_success_twice(struct Disk *disk) {
  if (mutex_lock_or_error(&disk->lock))
    return;
  mutex_unlock(&disk->lock);
  mutex_unlock(&disk->lock); // lockvet-error{{phantom-unlock: on_success_twice() gives back}}
}
