// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Who asserts that the lock is held knows.

#include "../Inputs/locks.h"

static int count_deep(void);

static int asserts(void) { // silent
  graph_assert_reader();
  return count_deep();
}

int behind(void) {
  graph_rdlock();
  count_children();
  graph_rdunlock();
  return asserts(); // silent: the assertion fails, or it is held
}

int GRAPH_UNLOCKED does_not_assert(void) {
  return count_deep(); // lockvet-error{{lock-required: does_not_assert() does not hold graph_lock}}
}

static int count_deep(void) {
  // lockvet-warning@+1{{thread-safety-analysis: requires holding graph lock 'graph_lock'}}
  return count_children();
}
