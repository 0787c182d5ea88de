// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Which lock is taken is what an inline function hands back: its argument, a part of it, or a lock
// of the program. A macro passes on the right operand of a comma.

#include "../Inputs/locks.h"

struct Disk {
  struct Mutex lock;
  struct Mutex other;
  struct Mutex of_part[4];
};
struct Handle {
  struct Mutex *lock;
};
static struct Mutex list_lock;

static inline struct Mutex *lock_of(struct Disk *disk) { return &disk->lock; }
static inline struct Mutex *other_lock_of(struct Disk *disk) { return disk ? &disk->other : NULL; }
static inline struct Mutex *the_list_lock(void) { return &list_lock; }
static inline struct Mutex *lock_of_part(struct Disk *disk, int part) {
  return &disk->of_part[part];
}
static inline struct Mutex *either_lock_of(struct Disk *disk, bool first) {
  return first ? &disk->lock : &disk->other;
}
static inline struct Mutex *lock_behind(struct Handle *handle) { return handle->lock; }
#define checked(lock) ((void)0, (lock))

static void touch(struct Disk *disk) {
  mutex_lock(&disk->lock);
  mutex_unlock(&disk->lock);
}

static void touch_other(struct Disk *disk) {
  mutex_lock(other_lock_of(disk));
  mutex_unlock(checked(&disk->other));
}

void takes_a_part(struct Disk *disk) {
  mutex_lock(lock_of(disk));
  touch(disk); // lockvet-error{{lock-excluded: takes_a_part() holds Disk::lock exclusively}}
  mutex_unlock(&disk->lock);
}

void takes_what_is_not_null(struct Disk *disk) {
  mutex_lock(checked(&disk->other));
  touch_other(disk); // lockvet-error{{lock-excluded: takes_what_is_not_null() holds Disk::other}}
  mutex_unlock(other_lock_of(disk));
}

void takes_a_global(void) {
  mutex_lock(&list_lock);
  // lockvet-error@+1{{lock-excluded: takes_a_global() holds list_lock exclusively}}
  mutex_lock(the_list_lock());
}

void takes_the_other(struct Disk *disk) { // silent
  mutex_lock(other_lock_of(disk));
  touch(disk);
  mutex_unlock(other_lock_of(disk));
}

void gives_back_a_part(struct Disk *disk) { // silent
  mutex_lock(&disk->lock);
  mutex_unlock(lock_of(disk));
  touch(disk);
}

void takes_one_of_many(struct Disk *disk) { // silent
  mutex_lock(lock_of_part(disk, 0));
  mutex_lock(lock_of_part(disk, 1));
  mutex_unlock(lock_of_part(disk, 1));
  mutex_unlock(lock_of_part(disk, 0));
}

void takes_either(struct Disk *disk, bool first) { // silent
  mutex_lock(either_lock_of(disk, first));
  touch(disk);
  mutex_unlock(either_lock_of(disk, first));
}

void takes_behind(struct Handle *handle, struct Handle *another) { // silent
  mutex_lock(lock_behind(handle));
  mutex_lock(lock_behind(another));
  mutex_unlock(lock_behind(another));
  mutex_unlock(lock_behind(handle));
}
