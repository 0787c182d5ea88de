// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_GRAPH_UNLOCKED: the function would wait for a caller that holds the lock.

#include "../Inputs/graph.h"

void LV_GRAPH_UNLOCKED drain(struct Node* n);

void while_writer(struct Node* n) {
  graph_wrlock();
  drain(n);
  // expected-warning@-1 {{cannot call function 'drain' while graph lock 'graph_lock' is held}}
  graph_wrunlock();
}

void while_reader(struct Node* n) {
  graph_co_rdlock();
  drain(n);
  // expected-warning@-1 {{cannot call function 'drain' while graph lock 'graph_lock' is held}}
  graph_co_rdunlock();
}

void LV_GRAPH_RDLOCK required(struct Node* n);
void required(struct Node* n) {
  drain(n);
  // expected-warning@-1 {{cannot call function 'drain' while graph lock 'graph_lock' is held}}
}

void before(struct Node* n) {
  drain(n);
  graph_wrlock();
  n->child = 0;
  graph_wrunlock();
}

void after(struct Node* n) {
  graph_co_rdlock();
  graph_co_rdunlock();
  drain(n);
}

void LV_GRAPH_UNLOCKED passed_on(struct Node* n);
void passed_on(struct Node* n) {
  drain(n);
}
