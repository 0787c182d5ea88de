// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Locks that may not be had. The answer is asked for in both senses.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
};

void got_it(struct Disk *disk) {
  if (mutex_trylock(&disk->lock)) {
    run_event_loop(); // lockvet-error{{poll-under-lock: got_it() holds Disk::lock exclusively}}
    mutex_unlock(&disk->lock);
  }
}

void did_not_get_it(struct Disk *disk) { // silent
  if (!mutex_trylock(&disk->lock)) {
    run_event_loop();
    return;
  }
  mutex_unlock(&disk->lock);
}

void got_it_or_left(struct Disk *disk) {
  if (!mutex_trylock(&disk->lock))
    return;
  run_event_loop(); // lockvet-error{{poll-under-lock: got_it_or_left() holds Disk::lock exclusive}}
  mutex_unlock(&disk->lock);
}

void remembers(struct Disk *disk) { // silent
  const bool got = mutex_trylock(&disk->lock);
  if (got)
    mutex_unlock(&disk->lock);
  else
    run_event_loop();
}

int without_error(struct Disk *disk) {
  int error = mutex_lock_or_error(&disk->lock);
  if (error)
    return error;
  run_event_loop(); // lockvet-error{{poll-under-lock: without_error() holds Disk::lock exclusivel}}
  mutex_unlock(&disk->lock);
  return 0;
}

int with_error(struct Disk *disk) { // silent
  if (mutex_lock_or_error(&disk->lock) != 0) {
    run_event_loop();
    return -1;
  }
  mutex_unlock(&disk->lock);
  return 0;
}

void tries_until(struct Disk *disk) { // silent
  while (!mutex_trylock(&disk->lock))
    run_event_loop();
  mutex_unlock(&disk->lock);
}
