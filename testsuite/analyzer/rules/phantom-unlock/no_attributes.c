// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The same with locks that only the configuration speaks of, where the compiler is silent.

#include "../Inputs/locks.h"

struct Graph {
  struct RwLock lock;
};

static void settle(struct Graph *graph) {
  // lockvet-error@+1{{phantom-unlock: settle() gives back Graph::lock, which stays held exclusive}}
  rw_rdunlock(&graph->lock);
  drain_requests();
  rw_rdlock(&graph->lock);
}

static void settle_deep(struct Graph *graph) {
  settle(graph);
}

void writes(struct Graph *graph) {
  rw_wrlock(&graph->lock);
  settle_deep(graph); // lockvet-error{{poll-under-lock: writes() holds Graph::lock exclusively}}
  rw_wrunlock(&graph->lock);
}

static void settle_reader(struct Graph *graph) { // silent: called by readers only
  rw_rdunlock(&graph->lock);
  drain_requests();
  rw_rdlock(&graph->lock);
}

void reads(struct Graph *graph) { // silent
  rw_rdlock(&graph->lock);
  settle_reader(graph);
  rw_rdunlock(&graph->lock);
}

static void settle_writer(struct Graph *graph) { // silent: called by writers only
  rw_wrunlock(&graph->lock);
  drain_requests();
  rw_wrlock(&graph->lock);
}

void writes_well(struct Graph *graph) { // silent
  rw_wrlock(&graph->lock);
  settle_writer(graph);
  rw_wrunlock(&graph->lock);
}
