// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The requirement is lost in functions that say nothing.

#include "../Inputs/locks.h"

struct Task {
  int (*run)(struct Task *task);
};

static int count(void);
static int count_twice(void) {
  return count() + count();
}

int GRAPH_UNLOCKED close_all(void) {
  // lockvet-error@+1{{lock-required: close_all() does not hold graph_lock and calls count_twice()}}
  return count_twice();
}

int too_late(void) {
  graph_rdlock();
  int first = count_children();
  graph_rdunlock(); // lockvet-note{{gives back graph_lock with graph_rdunlock()}}
  // lockvet-error@+1{{lock-required: too_late() does not hold graph_lock and calls count_twice()}}
  return first + count_twice();
}

int in_time(void) { // silent
  graph_rdlock();
  int twice = count_twice();
  graph_rdunlock();
  return twice;
}

int again(void) { // silent
  graph_rdlock();
  int first = count_children();
  graph_rdunlock();
  graph_rdlock();
  int twice = count_twice();
  graph_rdunlock();
  return first + twice;
}

static int locks_itself(void) {
  graph_rdlock();
  int twice = count_twice();
  graph_rdunlock();
  return twice;
}

int GRAPH_UNLOCKED by_one_that_locks(void) { // silent
  return locks_itself();
}

// The compiler sees one call further than the rest.
static int count(void) {
  // lockvet-warning@+1{{thread-safety-analysis: requires holding graph lock 'graph_lock'}}
  return count_children();
}
