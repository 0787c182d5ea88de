// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A reader becomes a writer, or a writer a reader.

#include "../Inputs/locks.h"

struct Graph {
  struct RwLock lock;
};

void downgrades(struct Graph *graph) { // silent
  rw_wrlock(&graph->lock);
  rw_downgrade(&graph->lock);
  rw_rdunlock(&graph->lock);
}

void upgrades(struct Graph *graph) { // silent
  rw_rdlock(&graph->lock);
  rw_upgrade(&graph->lock);
  rw_wrunlock(&graph->lock);
}

void downgrades_and_forgets(struct Graph *graph) {
  rw_wrlock(&graph->lock);
  rw_downgrade(&graph->lock);
  // lockvet-error@+1{{phantom-unlock: gives back Graph::lock, which is held shared, and not excl}}
  rw_wrunlock(&graph->lock);
}

void upgrades_and_forgets(struct Graph *graph) {
  rw_rdlock(&graph->lock);
  rw_upgrade(&graph->lock);
  // lockvet-error@+1{{phantom-unlock: gives back Graph::lock, which stays held exclusively}}
  rw_rdunlock(&graph->lock);
  rw_wrunlock(&graph->lock);
}
