// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_GRAPH_RDLOCK_PTR, LV_GRAPH_WRLOCK_PTR and LV_GRAPH_UNLOCKED_PTR: what Clang sees of them is
// that the first two are read under the lock.

#include "../Inputs/graph.h"

int rdlock_without(struct Node* n) {
  return n->driver->co_flush(n);
  // expected-warning@-1 {{reading variable 'co_flush' requires holding graph lock 'graph_lock'}}
}

void wrlock_without(struct Node* n) {
  n->driver->child_changed(n);
  // expected-warning@-1 {{requires holding graph lock 'graph_lock'}}
}

int called_through_a_copy(struct Node* n) {
  int (*flush)(struct Node*) = n->driver->co_flush;
  // expected-warning@-1 {{reading variable 'co_flush' requires holding graph lock 'graph_lock'}}
  return flush(n);
}

static int flush(struct Node* n) {
  return n != 0;
}
static void nothing(struct Node* n) {
  (void)n;
}
extern const struct Driver raw;
const struct Driver raw = {flush, nothing, nothing};

int rdlock_with(struct Node* n) {
  graph_co_rdlock();
  int ret = n->driver->co_flush(n);
  graph_co_rdunlock();
  return ret;
}

void wrlock_with(struct Node* n) {
  graph_wrlock();
  n->driver->child_changed(n);
  graph_wrunlock();
}

void unlocked_without(struct Node* n) {
  n->driver->drained(n);
}

// What Clang can't see and Lockvet gets as a label: the mode, and the lock's absence.
void the_wrong_mode(struct Node* n) {
  graph_co_rdlock();
  n->driver->child_changed(n);
  n->driver->drained(n);
  graph_co_rdunlock();
}
