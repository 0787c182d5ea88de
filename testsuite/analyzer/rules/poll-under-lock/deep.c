// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The wait is five calls down, in functions that say nothing.

#include "../Inputs/locks.h"

static void first(int depth);

static void fifth(void) { drain_requests(); }
static void fourth(void) { fifth(); }
static void third(int depth) {
  if (depth)
    first(depth - 1); // recursion
  fourth();
}
static void second(int depth) { third(depth); }
static void first(int depth) { second(depth); }

void holder(void) {
  graph_rdlock();    // lockvet-note{{takes graph_lock with graph_rdlock()}}
  count_children();
  // lockvet-error@+1{{poll-under-lock: and calls first(), which reaches drain_requests(), which w}}
  first(2);
  graph_rdunlock();
}

void not_a_holder(void) { // silent
  first(3);
}

static void last(void) { plain_read(); }
static void before_last(void) { last(); }

void holds_for_a_read(void) { // silent
  graph_rdlock();
  before_last();
  graph_rdunlock();
}
