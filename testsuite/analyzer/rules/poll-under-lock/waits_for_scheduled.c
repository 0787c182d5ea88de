// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Who waits until the scheduled function has run holds its locks meanwhile.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
};

static void drain_elsewhere(void *opaque) {
  (void)opaque;
  drain_requests(); // lockvet-note 2 {{calls drain_requests(), which waits until requests are}}
}

static void read_elsewhere(void *opaque) {
  (void)opaque;
  plain_read();
}

void waits_under_the_lock(void) {
  graph_rdlock();
  // lockvet-error@+1{{poll-under-lock: waits_under_the_lock() holds graph_lock shared}}
  schedule_and_wait(drain_elsewhere, NULL);
  graph_rdunlock();
}

void waits_under_a_members(struct Disk *disk) {
  mutex_lock(&disk->lock);
  // lockvet-error@+1{{poll-under-lock: waits_under_a_members() holds Disk::lock exclusively}}
  schedule_and_wait(drain_elsewhere, NULL);
  mutex_unlock(&disk->lock);
}

void waits_for_a_read(void) { // silent
  graph_rdlock();
  schedule_and_wait(read_elsewhere, NULL);
  graph_rdunlock();
}

void waits_without(struct Disk *disk) { // silent
  graph_rdlock();
  graph_rdunlock();
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
  schedule_and_wait(drain_elsewhere, NULL);
}
