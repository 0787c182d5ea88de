// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Pointers to functions that need a lock, and nothing to object to.

#include "../Inputs/mutex.h"
#include "../Inputs/world.h"

// lockvet-silent

extern struct Mutex lock;

static void GRAPH_RDLOCK raw_commit(void) {}
static void TSA_REQUIRES(&lock) locked_reset(void) {}
static void GRAPH_UNLOCKED raw_drain(void) {}

// A general mechanism: most of its users have nothing to do with the lock.
struct Action {
  void (*commit)(void);
};
static void one(void) {}
static void two(void) {}
const struct Action actions[] = {{one}, {two}, {raw_commit}};

// Each lock by its name, and what must not be held is no requirement.
struct Driver {
  void TSA_GUARDED_BY(lock) (*reset)(void);
  void GRAPH_RDLOCK_PTR (*commit)(void);
  void (*drain)(void);
};
const struct Driver raw = {locked_reset, raw_commit, raw_drain};

// A parameter and a local variable have no place for the attribute.
void call_it(void (*run)(void));
void local_and_parameter(void) {
  void (*run)(void) = raw_commit;
  call_it(run);
  call_it(raw_commit);
}
