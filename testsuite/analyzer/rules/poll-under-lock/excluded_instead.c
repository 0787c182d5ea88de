// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Where what waits says that it must not find the lock held, that is what is reported.

#include "../Inputs/locks.h"

static void GRAPH_UNLOCKED settle_unlocked(void) { drain_requests(); }
static void helper(void) { settle_unlocked(); }

void GRAPH_RDLOCK reads(void) {
  helper(); // lockvet-error{{lock-excluded: reads() holds graph_lock shared and calls helper()}}
}

void does_not_read(void) { // silent
  helper();
}
