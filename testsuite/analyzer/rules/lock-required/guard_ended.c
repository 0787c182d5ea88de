// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The guard's scope is over.

#include "../Inputs/locks.h"

struct Guard;
static inline struct Guard *enter(void) {
  graph_rdlock();
  return (struct Guard *)1;
} // lockvet-warning{{thread-safety-analysis: graph lock 'graph_lock' is still held at the end}}
static inline void leave(struct Guard *guard) {
  (void)guard;
  graph_rdunlock(); // lockvet-warning{{thread-safety-analysis: releasing graph lock 'graph_lock'}}
}
static inline void clear(struct Guard *guard) {
  if (guard)
    leave(guard);
}
static inline void clean_up(struct Guard **guard) {
  clear(*guard);
}
#define GUARD() struct Guard *guard __attribute__((cleanup(clean_up), unused)) = enter()

static int count_deep(void) {
  // lockvet-warning@+1{{thread-safety-analysis: requires holding graph lock 'graph_lock'}}
  return count_children();
}

int behind_scope(void) {
  {
    GUARD();
    count_deep();
  }
  // lockvet-error@+1{{lock-required: behind_scope() does not hold graph_lock and calls count_deep}}
  return count_deep();
}

int in_scope(void) { // silent
  GUARD();
  if (plain_read())
    return count_deep();
  return count_deep() + 1;
}

int in_each_turn(void) { // silent
  int sum = 0;
  for (int turn = 0; turn < 3; ++turn) {
    GUARD();
    sum += count_deep();
  }
  return sum;
}
