// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A driver writes in whatever thread the request comes from. When a write fills the image up, it
// has the image emptied into its backing file: a change of the graph of nodes, which belongs to the
// main loop. As long as all requests came from the main loop nobody noticed.

#include <lockvet/context.h>

struct Disk {
  long used;
  long size;
  struct Disk *backing;
};

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
    commit(disk);
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
