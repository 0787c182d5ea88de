// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A lock is handed over by a pointer to itself, to what takes it again.
// XFAIL: *
// Which functions take a lock is asked by its record and field, which the callee does not know.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  struct Mutex other;
};
static struct Mutex list_lock;

static void touch(struct Mutex *m) {
  mutex_lock(m);
  mutex_unlock(m);
}

void of_an_object(struct Disk *disk) {
  mutex_lock(&disk->lock);
  touch(&disk->lock); // lockvet-error{{lock-excluded: of_an_object() holds Disk::lock exclusively}}
  mutex_unlock(&disk->lock);
}

void of_the_program(void) {
  mutex_lock(&list_lock);
  touch(&list_lock); // lockvet-error{{lock-excluded: of_the_program() holds list_lock exclusively}}
  mutex_unlock(&list_lock);
}

void another(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  touch(&disk->other);
  touch(&list_lock);
  mutex_unlock(&disk->lock);
}

void given_back(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
  touch(&disk->lock);
}
