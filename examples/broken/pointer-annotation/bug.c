// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A driver is a table of functions. Its read function suspends and is marked so, but the member of
// the table is not: for whoever calls through the table, read() is a function like any other. The
// monitor's "peek" command does, from the main loop, and no compiler and no reader of that command
// has any reason to object.

#include <lockvet/qemu_names.h>

void coroutine_fn qemu_coroutine_yield(void);

struct Disk;

struct Driver {
  const char *name;
  int (*open)(struct Disk *disk);
  int (*read)(struct Disk *disk, int block);
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

static int coroutine_fn ram_read(struct Disk *disk, int block) {
  while (disk->busy)
    qemu_coroutine_yield();
  return disk->blocks[block % 4];
}

static const struct Driver ram_driver = {.name = "ram", .open = ram_open, .read = ram_read};

static int peek_command(struct Disk *disk, int block) {
  return disk->driver->read(disk, block);
}

int main(void) {
  struct Disk disk = {&ram_driver, 1, {1, 2, 3, 4}};
  return disk.driver->open(&disk) + peek_command(&disk, 2);
}
