// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The wait stands beside the section, not in it.

#include "../Inputs/locks.h"

void in_between(void) {
  graph_rdlock();
  count_children();
  drain_requests(); // lockvet-error{{poll-under-lock: in_between() holds graph_lock shared}}
  graph_rdunlock();
}

void in_a_writers(void) {
  graph_wrlock();
  attach_child();
  run_event_loop(); // lockvet-error{{poll-under-lock: in_a_writers() holds graph_lock exclusively}}
  graph_wrunlock();
}

void before(void) { // silent
  drain_requests();
  graph_rdlock();
  count_children();
  graph_rdunlock();
}

void behind(void) { // silent
  graph_wrlock();
  attach_child();
  graph_wrunlock();
  run_event_loop();
}

void given_back_meanwhile(void) { // silent
  graph_rdlock();
  count_children();
  graph_rdunlock();
  drain_requests();
  graph_rdlock();
  count_children();
  graph_rdunlock();
}
