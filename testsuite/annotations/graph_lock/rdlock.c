// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_GRAPH_RDLOCK: the graph is held still, by a reader or the writer.

#include "../Inputs/graph.h"

static int LV_GRAPH_RDLOCK depth(struct Node* n) {
  return n->child ? 1 + depth(n->child) : 0;
}

int without(struct Node* n) {
  return depth(n);
  // expected-warning@-1 {{calling function 'depth' requires holding graph lock 'graph_lock'}}
}

int after(struct Node* n) {
  graph_co_rdlock();
  graph_co_rdunlock();
  return depth(n);
  // expected-warning@-1 {{calling function 'depth' requires holding graph lock 'graph_lock'}}
}

void LV_GRAPH_RDLOCK writes_as_reader(struct Node* n);
void writes_as_reader(struct Node* n) {
  n->child = 0;
  // expected-warning@-1 {{requires holding graph lock 'graph_lock' exclusively}}
}

int while_reader(struct Node* n) {
  graph_co_rdlock();
  int d = depth(n);
  graph_co_rdunlock();
  return d;
}

int while_writer(struct Node* n) {
  graph_wrlock();
  int d = depth(n);
  graph_wrunlock();
  return d;
}

int LV_GRAPH_RDLOCK passed_on(struct Node* n);
int passed_on(struct Node* n) {
  return depth(n);
}
