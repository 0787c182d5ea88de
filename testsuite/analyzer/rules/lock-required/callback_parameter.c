// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Functions that need the lock are handed to one that calls them; two callers hand different ones.

#include "../Inputs/locks.h"

static int visit(int (*what)(void)) {
  return what();
}

static int needs_it(void);
static int needs_none(void) {
  return plain_read();
}

int GRAPH_UNLOCKED unlocked(void) {
  return visit(needs_it); // lockvet-error{{lock-required: unlocked() does not hold graph_lock}}
}

int GRAPH_UNLOCKED harmless(void) { // silent
  return visit(needs_none);
}

int locked(void) { // silent
  graph_rdlock();
  int result = visit(needs_it);
  graph_rdunlock();
  return result;
}

static int needs_it(void) {
  // lockvet-warning@+1{{thread-safety-analysis: requires holding graph lock 'graph_lock'}}
  return count_children();
}
