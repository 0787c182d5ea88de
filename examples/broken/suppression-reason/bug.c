// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The emergency dump reads the disk in a signal handler's thread, where no coroutine can be; the
// disk is switched to a mode in which nothing suspends. The analysis can't know that and says so;
// the comment turns it off, and doesn't tell why. A year later nobody dares to touch it.

#include <lockvet/qemu_names.h>
#include <stdbool.h>

void coroutine_fn qemu_coroutine_yield(void);

struct Disk {
  bool polled;
  int busy;
  int blocks[4];
};

static int coroutine_fn co_read_block(struct Disk *disk, int block) {
  while (disk->busy && !disk->polled)
    qemu_coroutine_yield();
  return disk->blocks[block % 4];
}

static int emergency_dump(struct Disk *disk) {
  int sum = 0;
  disk->polled = true;
  for (int block = 0; block < 4; block++)
    sum += co_read_block(disk, block); // lockvet: allow(coroutine-call)
  return sum;
}

int main(void) {
  struct Disk disk = {false, 1, {1, 2, 3, 4}};
  return emergency_dump(&disk);
}
