// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A function that says that it is called under the lock waits by itself.

#include "../Inputs/locks.h"

int GRAPH_RDLOCK reads_and_drains(void) {
  drain_requests(); // lockvet-error{{poll-under-lock: reads_and_drains() holds graph_lock shared}}
  return count_children();
}

int GRAPH_WRLOCK writes_and_polls(void) {
  // lockvet-error@+1{{poll-under-lock: writes_and_polls() holds graph_lock exclusively and calls}}
  run_event_loop();
  return attach_child();
}

int GRAPH_RDLOCK reads_and_polls(void) {
  // lockvet-warning@+1{{poll-under-lock: reads_and_polls() holds graph_lock shared and calls}}
  run_event_loop();
  return count_children();
}

int GRAPH_RDLOCK only_reads(void) { // silent
  return count_children() + plain_read();
}

void GRAPH_UNLOCKED drains_unlocked(void) { // silent
  drain_requests();
  run_event_loop();
}

void says_nothing(void) { // silent: nobody says that it is held
  drain_requests();
  run_event_loop();
}
