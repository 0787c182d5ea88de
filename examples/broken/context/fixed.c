// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: the write only schedules the commit in the main loop.

#include <lockvet/context.h>

struct Disk {
  long used;
  long size;
  struct Disk *backing;
};

void schedule_in_main_loop(void (*callback)(struct Disk *disk), struct Disk *disk);

static void make_empty(struct Disk *disk) {
  LV_GLOBAL_STATE_CODE();
  disk->used = 0;
  disk->backing = 0;
}

static void commit(struct Disk *disk) {
  disk->backing->used += disk->used;
  make_empty(disk);
}

static void finish_write(struct Disk *disk, long bytes) {
  disk->used += bytes;
  if (disk->used == disk->size)
    schedule_in_main_loop(commit, disk);
}

static void disk_write(struct Disk *disk, long bytes) {
  LV_IO_CODE();
  finish_write(disk, bytes);
}

int main(void) {
  struct Disk backing = {0, 1024, 0};
  struct Disk disk = {0, 1024, &backing};
  disk_write(&disk, 512);
  return 0;
}
