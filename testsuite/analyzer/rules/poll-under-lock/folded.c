// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A tolerated poll is one finding for what polls, whoever holds the lock; an error is one for each.

#include "../Inputs/locks.h"

static void settle(void) { run_event_loop(); }
static void settle_all(void) { drain_requests(); }

void GRAPH_RDLOCK reads_first(void) {
  // lockvet-warning@+1{{poll-under-lock: runs an event loop; 2 others call it under the lock, too}}
  settle();
}
void GRAPH_RDLOCK reads_second(void) { settle(); }
void GRAPH_RDLOCK reads_third(void) { settle(); }

void GRAPH_RDLOCK drains_first(void) {
  settle_all(); // lockvet-error{{poll-under-lock: drains_first() holds graph_lock shared}}
}
void GRAPH_RDLOCK drains_second(void) {
  settle_all(); // lockvet-error{{poll-under-lock: drains_second() holds graph_lock shared}}
}

void does_not_read(void) { // silent
  settle();
  settle_all();
}
