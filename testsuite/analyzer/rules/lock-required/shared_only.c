// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A reader calls what needs the lock exclusively.

#include "../Inputs/locks.h"

static int attach_all(void);

int reads(void) {
  graph_rdlock();
  // lockvet-error@+1{{lock-required: reads() holds graph_lock shared only and calls attach_all()}}
  int result = attach_all();
  graph_rdunlock();
  return result;
}

int writes(void) { // silent
  graph_wrlock();
  int result = attach_all();
  graph_wrunlock();
  return result;
}

int GRAPH_WRLOCK marked(void) { // silent
  return attach_all();
}

int GRAPH_RDLOCK may_be_a_writers(void) { // silent: writers call it, too, and know what they hold
  return attach_all();
}

static int attach_all(void) {
  // lockvet-warning@+1{{thread-safety-analysis: requires holding graph lock 'graph_lock' exclusiv}}
  return attach_child();
}
