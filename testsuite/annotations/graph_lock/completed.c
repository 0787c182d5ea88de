// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// An implementation may give the lock state of its own, by completing the type.

#include "../Inputs/graph.h"

struct lockvet_graph_lock {
  int readers;
};
#if defined(__cplusplus)
extern "C" {
#endif
struct lockvet_graph_lock graph_lock;
#if defined(__cplusplus)
}
#endif

struct Node* without(struct Node* n) {
  return n->child;
  // expected-warning@-1 {{reading variable 'child' requires holding graph lock 'graph_lock'}}
}

void graph_co_rdlock(void) { // expected-note {{graph lock acquired here}}
  graph_lock.readers++;
} // expected-warning {{expecting graph lock 'graph_lock' to be held at the end of function}}

void LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") graph_co_rdunlock(void) {
  graph_lock.readers--;
}
