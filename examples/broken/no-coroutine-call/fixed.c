// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: the coroutine has the main loop tell the device, and suspends until
// that is done.

#include <assert.h>
#include <lockvet/qemu_names.h>
#include <stdbool.h>

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
bool qemu_in_coroutine(void);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
struct Coroutine *qemu_coroutine_self(void);
void qemu_coroutine_enter(struct Coroutine *co);
void coroutine_fn qemu_coroutine_yield(void);
void schedule_in_main_loop(void (*callback)(void *opaque), void *opaque);

struct Disk {
  long size;
  int busy;
  struct Coroutine *waiting;
};

static void graph_lock_main_loop(void) {
  assert(!qemu_in_coroutine());
}

static int count_children(const struct Disk *disk) {
  graph_lock_main_loop();
  return disk->busy;
}

static void device_resized(void *opaque) {
  struct Disk *disk = opaque;
  if (count_children(disk) > 0)
    disk->busy--;
  qemu_coroutine_enter(disk->waiting);
}

static void coroutine_fn co_truncate(struct Disk *disk, long size) {
  disk->size = size;
  disk->waiting = qemu_coroutine_self();
  schedule_in_main_loop(device_resized, disk);
  qemu_coroutine_yield();
}

static void coroutine_fn co_grow(void *opaque) {
  struct Disk *disk = opaque;
  co_truncate(disk, disk->size + 512);
}

int main(void) {
  struct Disk disk = {1024, 0, 0};
  qemu_coroutine_enter(qemu_coroutine_create(co_grow, &disk));
  return 0;
}
