// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A constant argument chooses whether there is a wait.

#include "../Inputs/locks.h"

static void begin_drain(bool poll) {
  plain_read();
  if (poll)
    drain_requests();
}

static void begin(bool poll) {
  begin_drain(poll);
}

void polls(void) {
  graph_rdlock();
  begin(true); // lockvet-error{{poll-under-lock: polls() holds graph_lock shared and calls begin(}}
  graph_rdunlock();
}

void does_not_poll(void) { // silent
  graph_rdlock();
  begin(false);
  graph_rdunlock();
}

void polls_unlocked(void) { // silent
  begin(true);
}
