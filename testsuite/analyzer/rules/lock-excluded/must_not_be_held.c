// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A function says that it must not find the lock held; the compiler asks direct callers only.

#include "../Inputs/locks.h"

static int close_all(void) {
  return close_graph(); // lockvet-note{{calls close_graph(), which must not be called with it hel}}
}

static int shut_down(void) {
  return close_all(); // lockvet-note{{calls close_all()}}
}

int GRAPH_RDLOCK reads(void) {
  return shut_down(); // lockvet-error{{lock-excluded: reads() holds graph_lock shared and calls}}
}

int writes(void) {
  graph_wrlock();
  attach_child();
  int result = shut_down(); // lockvet-error{{lock-excluded: writes() holds graph_lock exclusively}}
  graph_wrunlock();
  return result;
}

int unlocked(void) { // silent
  graph_rdlock();
  count_children();
  graph_rdunlock();
  return shut_down();
}

static int shut_down_unlocked(void) { // silent: gives it back meanwhile
  // lockvet-warning@+1{{thread-safety-analysis: releasing graph lock}}
  graph_wrunlock();
  int result = close_all();
  graph_wrlock();
  return result;
} // lockvet-warning{{thread-safety-analysis: is still held at the end of function}}

int drops_it(void) { // silent
  graph_wrlock();
  int result = shut_down_unlocked();
  graph_wrunlock();
  return result;
}
