// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Guards whose end is the end of a scope.

#include "../Inputs/locks.h"

static inline struct Mutex *guard_enter(struct Mutex *m) {
  mutex_lock(m);
  return m;
}

static inline void guard_leave(struct Mutex **m) {
  if (*m)
    mutex_unlock(*m);
}

#define GUARD(m)                                                                                   \
  struct Mutex *guard __attribute__((cleanup(guard_leave), unused)) = guard_enter(m)

struct Disk {
  struct Mutex lock;
  int busy;
};

void in_scope(struct Disk *disk) {
  GUARD(&disk->lock);
  if (disk->busy)
    run_event_loop(); // lockvet-error{{poll-under-lock: in_scope() holds Disk::lock exclusively}}
}

int behind_early_return(struct Disk *disk) {
  GUARD(&disk->lock);
  if (!disk->busy)
    return 0;
  drain_requests(); // lockvet-error{{poll-under-lock: behind_early_return() holds Disk::lock}}
  return 1;
}

void behind_scope(struct Disk *disk) { // silent
  {
    GUARD(&disk->lock);
    disk->busy = 0;
  }
  run_event_loop();
}

int one_turn_a_lock(struct Disk *disk) { // silent: each turn gives it back before the wait
  for (int turn = 0; turn < 3; ++turn) {
    {
      GUARD(&disk->lock);
      if (disk->busy)
        return turn;
    }
    run_event_loop();
  }
  return 0;
}

void before_guard(struct Disk *disk) { // silent
  drain_requests();
  GUARD(&disk->lock);
  disk->busy = 0;
}
