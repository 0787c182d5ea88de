// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Functions that lock and unlock for others and do not say so.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
};
struct Job {
  struct Disk *disk;
};

static void disk_lock(struct Disk *disk) { mutex_lock(&disk->lock); }
static void disk_unlock(struct Disk *disk) { mutex_unlock(&disk->lock); }
static void job_lock(struct Job *job) { disk_lock(job->disk); }
static void job_unlock(struct Job *job) { disk_unlock(job->disk); }

void waits(struct Job *job) {
  job_lock(job); // lockvet-note{{takes Disk::lock with job_lock()}}
  run_event_loop(); // lockvet-error{{poll-under-lock: waits() holds Disk::lock exclusively}}
  job_unlock(job);
}

void waits_behind(struct Job *job) { // silent
  job_lock(job);
  plain_read();
  job_unlock(job);
  run_event_loop();
}

void mixes_levels(struct Job *job) { // silent: the same lock, under another name
  job_lock(job);
  disk_unlock(job->disk);
  run_event_loop();
}

static bool disk_trylock(struct Disk *disk) {
  if (!mutex_trylock(&disk->lock))
    return false;
  return true;
}

void tries(struct Disk *disk) {
  if (!disk_trylock(disk)) {
    run_event_loop(); // silent
    return;
  }
  run_event_loop(); // lockvet-error{{poll-under-lock: tries() holds Disk::lock exclusively}}
  disk_unlock(disk);
}
