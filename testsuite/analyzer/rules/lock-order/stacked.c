// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Two formats that can stand on each other, behind one table of operations: which is above is up to
// who built the stack, as with two objects of one kind.

#include <pthread.h>

// lockvet-silent

struct Disk {
  const struct Driver *driver;
  struct Disk *below;
};
struct Driver {
  void (*read)(struct Disk *disk);
};

struct Raw {
  struct Disk disk;
  pthread_mutex_t lock;
};
struct Zip {
  struct Disk disk;
  pthread_mutex_t lock;
};

static void read_below(struct Disk *disk) {
  disk->below->driver->read(disk->below);
}

static void raw_read(struct Disk *disk) {
  struct Raw *raw = (struct Raw *)disk;
  pthread_mutex_lock(&raw->lock);
  read_below(disk);
  pthread_mutex_unlock(&raw->lock);
}

static void zip_read(struct Disk *disk) {
  struct Zip *zip = (struct Zip *)disk;
  pthread_mutex_lock(&zip->lock);
  read_below(disk);
  pthread_mutex_unlock(&zip->lock);
}

const struct Driver raw_driver = {raw_read};
const struct Driver zip_driver = {zip_read};
