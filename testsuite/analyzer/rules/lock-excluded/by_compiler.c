// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// What the compiler says already is said once.

#include "../Inputs/locks.h"

int GRAPH_RDLOCK directly(void) {
  // lockvet-warning@+1{{thread-safety-analysis: cannot call function 'close_graph' while}}
  return close_graph();
}

static int helper(void) {
  return close_graph();
}

int GRAPH_RDLOCK by_helper(void) {
  return helper(); // lockvet-error{{lock-excluded: by_helper() holds graph_lock shared}}
}

int unlocked(void) { // silent
  return close_graph() + helper();
}
