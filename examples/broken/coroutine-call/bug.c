// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A disk image is flushed before the program ends. Somebody moved the last part of the flush, which
// writes the header and may suspend, into a function for both users: the job, which is a coroutine,
// and the shutdown path, which is not. In the job it works; at shutdown, the first write that has
// to wait suspends a coroutine that isn't there.

#include <lockvet/qemu_names.h>
#include <stddef.h>

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);
void coroutine_fn qemu_coroutine_yield(void);

struct Disk {
  int busy;
  unsigned generation;
};

static int coroutine_fn co_write_header(struct Disk *disk) {
  while (disk->busy)
    qemu_coroutine_yield();
  disk->generation++;
  return 0;
}

static int finish_flush(struct Disk *disk) {
  return co_write_header(disk);
}

static void coroutine_fn co_job(void *opaque) {
  struct Disk *disk = opaque;
  finish_flush(disk);
}

static int shut_down(struct Disk *disk) {
  return finish_flush(disk);
}

int main(void) {
  struct Disk disk = {0, 1};
  qemu_coroutine_enter(qemu_coroutine_create(co_job, &disk));
  return shut_down(&disk);
}
