// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
//
// Guards as linux/cleanup.h makes them, without an attribute that says what they do: a pointer that
// an inline function hands back from a statement expression, or an object with the pointer in it.

#include "../Inputs/locks.h"

#define CLEANUP(function) __attribute__((cleanup(function)))

// DEFINE_GUARD(mutex, struct Mutex *, mutex_lock(_T), mutex_unlock(_T))
typedef struct Mutex* class_mutex_t;
static inline void class_mutex_destructor(struct Mutex** p) {
  struct Mutex* _T = *p;
  {
    if (_T)
      mutex_unlock(_T);
  }
}
static inline class_mutex_t class_mutex_constructor(struct Mutex* _T) {
  struct Mutex* t = ({
    mutex_lock(_T);
    _T;
  });
  return t;
}
#define GUARD_MUTEX(lock)                                                                          \
  CLEANUP(class_mutex_destructor) class_mutex_t guard = class_mutex_constructor(lock)

// DEFINE_LOCK_GUARD_1(spin_irqsave, struct SpinLock, ..., unsigned long flags)
typedef struct {
  struct SpinLock* lock;
  unsigned long flags;
} class_spin_t;
static inline void class_spin_destructor(class_spin_t* _T) {
  if (_T->lock)
    spin_unlock(_T->lock);
}
static inline class_spin_t class_spin_constructor(struct SpinLock* l) {
  class_spin_t _t = {.lock = l}, *_T = &_t;
  spin_lock(_T->lock);
  return _t;
}
#define GUARD_SPIN(lock)                                                                           \
  CLEANUP(class_spin_destructor) class_spin_t guard = class_spin_constructor(lock)

struct Driver {
  struct Mutex mutex;
  struct SpinLock spin;
  int ids;
};
static struct Mutex ids_lock;

static void count(struct Driver* driver) {
  GUARD_MUTEX(&driver->mutex);
  driver->ids++;
}

static void count_quickly(struct Driver* driver) {
  GUARD_SPIN(&driver->spin);
  driver->ids++;
}

static void free_ids(struct Driver* driver) {
  GUARD_MUTEX(&ids_lock);
  driver->ids = 0;
}

void in_scope(struct Driver* driver) {
  GUARD_MUTEX(&driver->mutex);
  count(driver); // lockvet-error{{lock-excluded: in_scope() holds Driver::mutex exclusively}}
}

void in_scope_of_an_object(struct Driver* driver) {
  GUARD_SPIN(&driver->spin);
  // lockvet-error@+1{{lock-excluded: in_scope_of_an_object() holds Driver::spin exclusively}}
  count_quickly(driver);
}

void of_a_global(struct Driver* driver) {
  mutex_lock(&ids_lock);
  free_ids(driver); // lockvet-error{{lock-excluded: of_a_global() holds ids_lock}}
  mutex_unlock(&ids_lock);
}

void one_after_the_other(struct Driver* driver) { // silent
  free_ids(driver);
  free_ids(driver);
  count(driver);
  count(driver);
  count_quickly(driver);
  count_quickly(driver);
}

void behind_scope(struct Driver* driver) { // silent
  {
    GUARD_MUTEX(&driver->mutex);
    driver->ids++;
  }
  count(driver);
  {
    GUARD_SPIN(&driver->spin);
    driver->ids++;
  }
  count_quickly(driver);
}

int left_early(struct Driver* driver) { // silent
  for (int turn = 0; turn < 2; ++turn) {
    GUARD_SPIN(&driver->spin);
    if (driver->ids)
      return turn;
  }
  count_quickly(driver);
  return 0;
}

void of_another(struct Driver* driver, struct Driver* other) { // silent
  GUARD_SPIN(&driver->spin);
  count(other);
}
