// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// What is called at once, what is scheduled, and what begins in a coroutine of its own.

#include "../Inputs/locks.h"

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);

struct Disk {
  struct Mutex lock;
  void coroutine_fn (*flush)(struct Disk *disk);
};

static void coroutine_fn net_flush(struct Disk *disk) {
  (void)disk;
  co_yield_once();
}

void attach(struct Disk *disk) {
  disk->flush = net_flush;
}

void coroutine_fn co_flush(struct Disk *disk) {
  mutex_lock(&disk->lock);
  disk->flush(disk); // lockvet-error{{suspend-under-lock: co_flush() holds Disk::lock, a thread's}}
  mutex_unlock(&disk->lock);
}

void coroutine_fn co_flush_unlocked(struct Disk *disk) { // silent
  disk->flush(disk);
}

static void coroutine_fn co_job(void *opaque) { // silent: its own coroutine
  (void)opaque;
  co_yield_once();
}

void starts(struct Disk *disk) { // silent: the one that waits is another coroutine
  mutex_lock(&disk->lock);
  struct Coroutine *co = qemu_coroutine_create(co_job, disk);
  mutex_unlock(&disk->lock);
  qemu_coroutine_enter(co);
}
