// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Two callers hand different functions to one that calls them.

#include "../Inputs/locks.h"

static void for_each(void (*visit)(void)) {
  visit();
}

static void visit_and_drain(void) {
  drain_requests();
}

static void visit_and_read(void) {
  plain_read();
}

void holds_and_drains(void) {
  graph_rdlock();
  for_each(visit_and_drain); // lockvet-error{{poll-under-lock: holds_and_drains() holds graph_loc}}
  graph_rdunlock();
}

void holds_and_reads(void) { // silent: the function it hands over only reads
  graph_rdlock();
  for_each(visit_and_read);
  graph_rdunlock();
}

void drains_unlocked(void) { // silent
  for_each(visit_and_drain);
}
