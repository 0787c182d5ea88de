// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A function that needs the lock is called through a pointer by who has given it back.

#include "../Inputs/locks.h"

struct Driver {
  int (*length)(void);
  int GRAPH_RDLOCK_PTR (*size)(void);
  int (*name)(void);
};

// lockvet-warning@+3{{pointer-annotation: raw_length}}
static int GRAPH_RDLOCK raw_length(void) { return count_children(); }
static int raw_name(void) { return 0; }
const struct Driver raw = {.length = raw_length, .name = raw_name};

int GRAPH_UNLOCKED unlocked(const struct Driver *driver) {
  // lockvet-error@+1{{lock-required: unlocked() does not hold graph_lock and calls raw_length()}}
  return driver->length();
}

int behind(const struct Driver *driver) {
  graph_rdlock();
  int count = count_children();
  graph_rdunlock();
  // lockvet-error@+1{{lock-required: behind() does not hold graph_lock and calls raw_length()}}
  return count + driver->length();
}

int locked(const struct Driver *driver) { // silent
  graph_rdlock();
  int length = driver->length();
  graph_rdunlock();
  return length;
}

int GRAPH_RDLOCK marked(const struct Driver *driver) { // silent
  return driver->length();
}

int says_nothing(const struct Driver *driver) { // silent: who calls it may hold the lock
  return driver->length();
}

int GRAPH_UNLOCKED needs_none(const struct Driver *driver) { // silent
  return driver->name();
}
