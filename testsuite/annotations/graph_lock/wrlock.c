// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_GRAPH_WRLOCK: the caller may change the graph.

#include "../Inputs/graph.h"

void LV_GRAPH_WRLOCK attach(struct Node* n, struct Node* child);

void without(struct Node* n) {
  attach(n, n);
  // expected-warning@-1 {{requires holding graph lock 'graph_lock' exclusively}}
}

void while_reader(struct Node* n) {
  graph_co_rdlock();
  attach(n, n);
  // expected-warning@-1 {{requires holding graph lock 'graph_lock' exclusively}}
  graph_co_rdunlock();
}

void LV_GRAPH_RDLOCK required_as_reader(struct Node* n);
void required_as_reader(struct Node* n) {
  attach(n, n);
  // expected-warning@-1 {{requires holding graph lock 'graph_lock' exclusively}}
}

void attach(struct Node* n, struct Node* child) {
  n->child = child;
}

void while_writer(struct Node* n) {
  graph_wrlock();
  attach(n, n);
  graph_wrunlock();
}

void LV_GRAPH_WRLOCK passed_on(struct Node* n);
void passed_on(struct Node* n) {
  attach(n, n);
}
