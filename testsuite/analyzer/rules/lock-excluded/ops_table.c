// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The lock is taken again behind a pointer.

#include "../Inputs/locks.h"

struct Disk;
struct Driver {
  void (*flush)(struct Disk *disk);
  void (*length)(struct Disk *disk);
};
struct Disk {
  struct Mutex lock;
  const struct Driver *driver;
};

static void net_flush(struct Disk *disk) {
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}
static void net_length(struct Disk *disk) {
  (void)disk;
  plain_read();
}
const struct Driver net_driver = {net_flush, net_length};

void flush(struct Disk *disk) {
  mutex_lock(&disk->lock);
  disk->driver->flush(disk); // lockvet-error{{lock-excluded: flush() holds Disk::lock exclusively}}
  mutex_unlock(&disk->lock);
}

void length(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  disk->driver->length(disk);
  mutex_unlock(&disk->lock);
}

void flush_of_another(struct Disk *disk, struct Disk *backing) { // silent
  mutex_lock(&disk->lock);
  backing->driver->flush(backing);
  mutex_unlock(&disk->lock);
}

void flush_unlocked(struct Disk *disk) { // silent
  disk->driver->flush(disk);
}
