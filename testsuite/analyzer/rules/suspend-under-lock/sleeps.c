// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Under a spin lock nothing may sleep, in a coroutine or not; under a mutex a thread may.

#include "../Inputs/locks.h"

#include <unistd.h>

struct Disk {
  struct SpinLock spin;
  struct Mutex mutex;
};

static void settle(void) {
  sleep(1);
}

void spins(struct Disk *disk) {
  spin_lock(&disk->spin);
  settle(); // lockvet-error{{suspend-under-lock: spins() holds Disk::spin, under which nothing}}
  spin_unlock(&disk->spin);
}

void sleeps_behind(struct Disk *disk) { // silent
  spin_lock(&disk->spin);
  spin_unlock(&disk->spin);
  settle();
}

void sleeps_under_mutex(struct Disk *disk) { // silent
  mutex_lock(&disk->mutex);
  settle();
  mutex_unlock(&disk->mutex);
}

void only_reads(struct Disk *disk) { // silent
  spin_lock(&disk->spin);
  plain_read();
  spin_unlock(&disk->spin);
}
