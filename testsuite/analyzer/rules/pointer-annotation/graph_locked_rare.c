// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// One of many functions in a pointer needs the lock. The record's other pointers are guarded, so
// that this one is called without: what goes into it is wrong. One pointer is one finding.

#include "../Inputs/mutex.h"
#include "../Inputs/world.h"

extern struct Mutex lock;

struct Driver {
  int GRAPH_RDLOCK_PTR (*length)(void); // lockvet-note{{Driver::length is guarded by graph_lock}}
  void (*attach)(void);
  void GRAPH_RDLOCK_PTR (*detach)(void);
};

static void file_attach(void) {}
static void host_attach(void) {}
static void null_attach(void) {}
static void GRAPH_RDLOCK qed_attach(void) {}
static void TSA_REQUIRES(&lock) locked_detach(void) {}

const struct Driver file = {.attach = file_attach};
const struct Driver host = {.attach = host_attach};
const struct Driver null = {.attach = null_attach};
const struct Driver qed = {
    .attach = qed_attach, // lockvet-warning{{pointer-annotation: Driver::attach, which is not}}
};
const struct Driver qed_again = {.attach = qed_attach};

// Guarded, by another lock.
const struct Driver locked = {
    .detach = locked_detach, // lockvet-warning{{pointer-annotation: locked_detach() requires lock}}
};

int GRAPH_RDLOCK attach_locked(const struct Driver *driver);
int attach_locked(const struct Driver *driver) {
  driver->attach();
  return driver->length();
}

void attach(const struct Driver *driver) {
  driver->attach();
}

void GRAPH_UNLOCKED attach_unlocked(const struct Driver *driver);
void attach_unlocked(const struct Driver *driver) {
  // lockvet-error@+1{{lock-required: attach_unlocked() does not hold graph_lock and calls qed_att}}
  driver->attach(); // lockvet-note{{attach_unlocked() calls through it, and is entered without}}
}
