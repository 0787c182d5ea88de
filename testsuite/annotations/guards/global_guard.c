// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_DEFINE_GLOBAL_GUARD and LV_DEFINE_GLOBAL_SHARED_GUARD: guards over the one lock of a kind.

#include <lockvet/guards.h>

#include "../Inputs/graph.h"

LV_DEFINE_GLOBAL_GUARD(graph_wr, graph_lock, graph_wrlock, graph_wrunlock, LV_NO_COROUTINE_FN)
LV_DEFINE_GLOBAL_SHARED_GUARD(graph_rd, graph_lock, graph_co_rdlock, graph_co_rdunlock,
                              LV_COROUTINE_FN)

struct Node* after_the_scope(struct Node* n) {
  {
    LV_GUARD(graph_rd);
  }
  return n->child;
  // expected-warning@-1 {{reading variable 'child' requires holding graph lock 'graph_lock'}}
}

void writes_as_reader(struct Node* n) {
  LV_WITH_GUARD(graph_rd) {
    n->child = 0;
    // expected-warning@-1 {{requires holding graph lock 'graph_lock' exclusively}}
  }
}

void writer_under_reader(struct Node* n) {
  LV_GUARD(graph_rd); // expected-note {{graph lock acquired here}}
  graph_wrlock();     // expected-warning {{acquiring graph lock 'graph_lock' that is already held}}
  (void)n;
}

struct Node* reads(struct Node* n) {
  LV_GUARD(graph_rd);
  return n->child;
}

void writes(struct Node* n) {
  LV_WITH_GUARD(graph_wr) {
    n->child = n;
  }
}

void drops_and_takes(struct Node* n) {
  LV_WITH_GUARD(graph_rd) {
    if (!n->child)
      return;
  }
  LV_GUARD(graph_wr);
  n->child = 0;
}
