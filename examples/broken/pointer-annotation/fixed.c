// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: the member says what it holds. From then on the call in the
// monitor's command is a finding of its own (coroutine-call), so that the command now asks the
// cache.

#include <lockvet/qemu_names.h>

void coroutine_fn qemu_coroutine_yield(void);

struct Disk;

struct Driver {
  const char *name;
  int (*open)(struct Disk *disk);
  int (*peek)(const struct Disk *disk, int block);
  int coroutine_fn (*co_read)(struct Disk *disk, int block);
};

struct Disk {
  const struct Driver *driver;
  int busy;
  int blocks[4];
};

static int ram_open(struct Disk *disk) {
  disk->busy = 0;
  return 0;
}

static int ram_peek(const struct Disk *disk, int block) {
  return disk->busy ? -1 : disk->blocks[block % 4];
}

static int coroutine_fn ram_co_read(struct Disk *disk, int block) {
  while (disk->busy)
    qemu_coroutine_yield();
  return disk->blocks[block % 4];
}

static const struct Driver ram_driver = {
    .name = "ram", .open = ram_open, .peek = ram_peek, .co_read = ram_co_read};

static int peek_command(struct Disk *disk, int block) {
  return disk->driver->peek(disk, block);
}

int main(void) {
  struct Disk disk = {&ram_driver, 1, {1, 2, 3, 4}};
  return disk.driver->open(&disk) + peek_command(&disk, 2);
}
