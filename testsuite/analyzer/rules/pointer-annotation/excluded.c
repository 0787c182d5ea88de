// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Whoever calls through a guarded pointer holds the lock: a function that must not find it held
// does not belong there.

#include "../Inputs/mutex.h"
#include "../Inputs/world.h"

extern struct Mutex disk_lock;

struct Driver {
  void GRAPH_RDLOCK_PTR (*drain)(void); // lockvet-note{{the pointer is declared here}}
  void (*reset)(void) TSA_GUARDED_BY(disk_lock);
  void (*close)(void);
};

// lockvet-note@+1{{raw_drain() must not be called with graph_lock held, it says here}}
static void GRAPH_UNLOCKED raw_drain(void) {}
static void TSA_EXCLUDES(&disk_lock) raw_reset(void) {}
static void GRAPH_UNLOCKED raw_close(void) {}
static void plain_drain(void) {}

const struct Driver raw = {
    // lockvet-error@+1{{pointer-annotation: raw_drain() must not be called with graph_lock held}}
    .drain = raw_drain,
    // lockvet-error@+1{{pointer-annotation: raw_reset() must not be called with disk_lock held}}
    .reset = raw_reset,
    .close = raw_close, // silent
};

// Another lock than the pointer's.
const struct Driver other = {
    .drain = plain_drain, // silent
    .reset = raw_close, // silent
    .close = raw_reset, // silent
};
