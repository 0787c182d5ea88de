// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Three callers deep: a writer calls a helper that says nothing, which gives back a reader's lock
// that nobody took and then polls. The compiler is silent about all but the helper's own balance.

#include "../Inputs/locks.h"

static void change_context(void);

int replace(void) {
  graph_wrlock(); // lockvet-note 2 {{takes graph_lock with graph_wrlock()}}
  int result = attach_child();
  // lockvet-error@+1{{poll-under-lock: replace() holds graph_lock exclusively and calls}}
  change_context();
  graph_wrunlock();
  return result;
}

int reads(void) { // silent: here there is a reader's lock to give back
  graph_rdlock();
  int result = count_children();
  change_context();
  graph_rdunlock();
  return result;
}

static void change_context(void) {
  // lockvet-warning@+2{{thread-safety-analysis: releasing graph lock 'graph_lock' that was not he}}
  // lockvet-error@+1{{phantom-unlock: gives back graph_lock, which stays held exclusively}}
  graph_rdunlock();
  drain_requests();
  graph_rdlock();
} // lockvet-warning{{thread-safety-analysis: graph lock 'graph_lock' is still held}}
