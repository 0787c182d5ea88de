// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The corrected twin of bug.c: without the marker the flags can be had anywhere. The function that
// still asks the server keeps its own.

#include <lockvet/qemu_names.h>

struct Disk {
  int flags;
};

int coroutine_fn co_ask_server(struct Disk *disk);

int disk_flags(const struct Disk *disk);
int coroutine_fn co_disk_refresh(struct Disk *disk);

int disk_flags(const struct Disk *disk) {
  return disk->flags & 0xff;
}

int coroutine_fn co_disk_refresh(struct Disk *disk) {
  disk->flags = co_ask_server(disk);
  return disk_flags(disk);
}
