// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// One lock under two names: where a lock of the same kind is given back under another name, that
// may be this one.

#include "../Inputs/locks.h"

struct Job;
struct Disk {
  struct Mutex lock;
  struct Job *job;
};
struct Job {
  struct Disk *disk;
};

static void touch(struct Disk *disk) {
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}

void by_another_name(struct Disk *disk, struct Job *job) { // silent
  mutex_lock(&disk->lock);
  mutex_unlock(&job->disk->lock);
  touch(disk);
}

void both_named(struct Disk *disk, struct Job *job) {
  mutex_lock(&disk->lock);
  touch(disk); // lockvet-error{{lock-excluded: both_named() holds Disk::lock exclusively}}
  mutex_lock(&job->disk->lock);
  mutex_unlock(&job->disk->lock);
  mutex_unlock(&disk->lock);
}

static void release_by_job(struct Job *job) {
  mutex_unlock(&job->disk->lock);
}

void by_a_helper(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  release_by_job(disk->job);
  touch(disk);
}
