// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The lock is held in the other way.

#include "../Inputs/locks.h"

struct Graph {
  struct RwLock lock;
};

void reads(struct Graph *graph) {
  rw_rdlock(&graph->lock);
  // lockvet-error@+1{{phantom-unlock: gives back Graph::lock, which is held shared, and not excl}}
  rw_wrunlock(&graph->lock);
}

void writes(struct Graph *graph) {
  rw_wrlock(&graph->lock);
  // lockvet-error@+1{{phantom-unlock: writes() gives back Graph::lock, which stays held exclusive}}
  rw_rdunlock(&graph->lock);
  rw_wrunlock(&graph->lock);
}

void reads_well(struct Graph *graph) { // silent
  rw_rdlock(&graph->lock);
  rw_rdunlock(&graph->lock);
}

void writes_well(struct Graph *graph) { // silent
  rw_wrlock(&graph->lock);
  rw_wrunlock(&graph->lock);
}

void one_of_both(struct Graph *graph, bool writes) { // silent: by a flag
  if (writes)
    rw_wrlock(&graph->lock);
  else
    rw_rdlock(&graph->lock);
  plain_read();
  if (writes)
    rw_wrunlock(&graph->lock);
  else
    rw_rdunlock(&graph->lock);
}

void reads_under_the_write(struct Graph *graph) { // silent: what is taken on top is given back
  rw_wrlock(&graph->lock);
  rw_rdlock(&graph->lock);
  rw_rdunlock(&graph->lock);
  rw_wrunlock(&graph->lock);
}
