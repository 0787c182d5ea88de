// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device is told about its new size when an image was resized, and counts the nodes of the graph
// then. Somebody made the resizing a coroutine. Somebody else had the counting take the main loop's
// guard for the graph, which asserts that it is not in a coroutine. Each change is harmless by
// itself; together they abort the program, three calls apart.

#include <assert.h>
#include <lockvet/qemu_names.h>
#include <stdbool.h>

bool qemu_in_coroutine(void);
void coroutine_fn qemu_coroutine_yield(void);

struct Disk {
  long size;
  int busy;
};

static void graph_lock_main_loop(void) {
  assert(!qemu_in_coroutine());
}

static int count_children(const struct Disk *disk) {
  graph_lock_main_loop();
  return disk->busy;
}

static void device_resized(struct Disk *disk) {
  if (count_children(disk) > 0)
    disk->busy--;
}

static void coroutine_fn co_truncate(struct Disk *disk, long size) {
  while (disk->busy)
    qemu_coroutine_yield();
  disk->size = size;
  device_resized(disk);
}

static void coroutine_fn co_grow(void *opaque) {
  struct Disk *disk = opaque;
  co_truncate(disk, disk->size + 512);
}

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);

int main(void) {
  struct Disk disk = {1024, 0};
  qemu_coroutine_enter(qemu_coroutine_create(co_grow, &disk));
  return 0;
}
