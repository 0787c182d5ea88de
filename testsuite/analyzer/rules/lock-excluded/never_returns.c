// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A wrapper around what does not return does not return either, though nothing says so: nothing
// happens behind it.

#include "../Inputs/locks.h"

#include <stdlib.h>

struct Disk {
  struct Mutex lock;
  int errors;
};

static void fail(const char *message) {
  if (message)
    exit(1);
  abort();
}

static void fail_with(struct Disk *disk) {
  disk->errors++;
  fail("disk");
}

static void warn(struct Disk *disk) {
  disk->errors++;
  if (disk->errors > 10)
    fail("too many");
}

static void touch(struct Disk *disk) {
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}

void fails(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  if (disk->errors == 0)
    mutex_unlock(&disk->lock);
  else
    fail_with(disk);
  touch(disk);
}

void fails_held(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  fail_with(disk);
  touch(disk);
}

void warns(struct Disk *disk) {
  mutex_lock(&disk->lock);
  warn(disk);
  touch(disk); // lockvet-error{{lock-excluded: warns() holds Disk::lock exclusively}}
  mutex_unlock(&disk->lock);
}
