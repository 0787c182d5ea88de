// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// co_disk_flags() once asked the server, and was marked for that. Since the answer is kept it only
// reads a variable; but the marker stayed, so that the command that shows the flags had to start a
// coroutine, and run the event loop until it is done, for nothing.

#include <lockvet/qemu_names.h>

struct Disk {
  int flags;
};

int coroutine_fn co_disk_flags(const struct Disk *disk);

int coroutine_fn co_disk_flags(const struct Disk *disk) {
  return disk->flags & 0xff;
}
