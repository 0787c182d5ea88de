// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Silent: the caller holds the lock for writing, the helper releases a reading of it that nobody
// made, and polls. In the helper alone all is well. Lockvet: phantom-unlock.

// expected-no-diagnostics

#include "../Inputs/graph.h"

void LV_GRAPH_UNLOCKED poll(struct Node* n);

void helper(struct Node* n) {
  graph_co_rdlock();
  graph_co_rdunlock();
  poll(n);
}

void caller(struct Node* n) {
  graph_wrlock();
  helper(n);
  graph_wrunlock();
}
