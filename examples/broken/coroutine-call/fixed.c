// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: the function says that it is for coroutines, and the shutdown path
// makes one and runs the event loop until it is done.

#include <lockvet/qemu_names.h>
#include <stdbool.h>
#include <stddef.h>

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);
void coroutine_fn qemu_coroutine_yield(void);
void no_coroutine_fn run_event_loop_once(void);

struct Disk {
  int busy;
  unsigned generation;
  bool flushed;
};

static int coroutine_fn co_write_header(struct Disk *disk) {
  while (disk->busy)
    qemu_coroutine_yield();
  disk->generation++;
  return 0;
}

static int coroutine_fn co_finish_flush(struct Disk *disk) {
  return co_write_header(disk);
}

static void coroutine_fn co_job(void *opaque) {
  struct Disk *disk = opaque;
  disk->flushed = co_finish_flush(disk) == 0;
}

static void shut_down(struct Disk *disk) {
  disk->flushed = false;
  qemu_coroutine_enter(qemu_coroutine_create(co_job, disk));
  while (!disk->flushed)
    run_event_loop_once();
}

int main(void) {
  struct Disk disk = {0, 1, false};
  qemu_coroutine_enter(qemu_coroutine_create(co_job, &disk));
  shut_down(&disk);
  return 0;
}
