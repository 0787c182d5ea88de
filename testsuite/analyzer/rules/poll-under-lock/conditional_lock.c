// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A flag says whether the lock was taken.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
};

void flag_decides(struct Disk *disk, bool locked) { // silent
  if (locked)
    mutex_lock(&disk->lock);
  plain_read();
  if (locked)
    mutex_unlock(&disk->lock);
  run_event_loop();
}

void waits_where_unlocked(struct Disk *disk, bool locked) { // silent
  if (locked)
    mutex_lock(&disk->lock);
  if (!locked)
    run_event_loop();
  if (locked)
    mutex_unlock(&disk->lock);
}

void waits_where_locked(struct Disk *disk, bool locked) {
  if (locked)
    mutex_lock(&disk->lock);
  if (locked)
    run_event_loop(); // lockvet-error{{poll-under-lock: waits_where_locked() holds Disk::lock}}
  if (locked)
    mutex_unlock(&disk->lock);
}

void remembers(struct Disk *disk) { // silent
  bool is_locked = false;
  if (plain_read()) {
    mutex_lock(&disk->lock);
    is_locked = true;
  }
  plain_read();
  if (is_locked)
    mutex_unlock(&disk->lock);
  run_event_loop();
}
