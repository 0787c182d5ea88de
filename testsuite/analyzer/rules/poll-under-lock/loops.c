// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Loops that wait until something is no longer so.

#include "../Inputs/locks.h"

void waits_locked(void) {
  graph_rdlock();
  while (plain_read())
    drain_requests(); // lockvet-error{{poll-under-lock: waits_locked() holds graph_lock shared}}
  graph_rdunlock();
}

void unlocks_to_wait(void) { // silent
  graph_rdlock();
  while (plain_read()) {
    graph_rdunlock();
    drain_requests();
    graph_rdlock();
  }
  graph_rdunlock();
}

void locks_each_turn(void) { // silent
  do {
    graph_rdlock();
    count_children();
    graph_rdunlock();
    drain_requests();
  } while (plain_read());
}

void breaks_locked(void) {
  for (;;) {
    graph_wrlock();
    if (plain_read())
      break;
    graph_wrunlock();
  }
  drain_requests(); // lockvet-error{{poll-under-lock: breaks_locked() holds graph_lock exclusivel}}
  graph_wrunlock();
}
