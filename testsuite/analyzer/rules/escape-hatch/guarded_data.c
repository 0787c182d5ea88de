// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule escape-hatch
// RUN: %check_cpp %s --verify --rule escape-hatch
//
// A guarded pointer is read without its lock: that is what analysis is turned off for.

#include "../Inputs/mutex.h"
#include "../Inputs/world.h"

// lockvet-silent

extern struct Mutex disk_lock;
void flush_locked(void) TSA_REQUIRES(&disk_lock);

struct Driver {
  void GRAPH_RDLOCK_PTR (*create)(void);
  void (*probe)(void);
};

// Only looks whether there is one.
static inline bool can_create(const struct Driver *driver) TSA_NO_TSA;
static inline bool can_create(const struct Driver *driver) { return driver->create != NULL; }

// Hands it on.
void (*creator(const struct Driver *driver))(void) TSA_NO_TSA;
void (*creator(const struct Driver *driver))(void) { return driver->create; }

// Calls it, and has another lock.
void creates(const struct Driver *driver) TSA_NO_TSA;
void creates(const struct Driver *driver) {
  mutex_lock(&disk_lock);
  driver->create();
  flush_locked();
  mutex_unlock(&disk_lock);
}

bool any(const struct Driver *driver) { return can_create(driver); }
