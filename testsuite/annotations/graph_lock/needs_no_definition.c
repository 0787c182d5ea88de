// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// RUN: %clang -x c -std=c11 -I%annotations -O0 -S -emit-llvm -o - %s \
// RUN:   | FileCheck %s --implicit-check-not=@graph_lock
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -O0 -S -emit-llvm -o - %s \
// RUN:   | FileCheck %s --implicit-check-not=@graph_lock

// The variable is a name in contracts. No code refers to it, so that nobody has to define it.

// expected-no-diagnostics

#include "../Inputs/graph.h"

// CHECK: define {{.*}}attach
void LV_GRAPH_WRLOCK attach(struct Node* n, struct Node* child);
void attach(struct Node* n, struct Node* child) {
  n->child = child;
}

// CHECK: define {{.*}}attach_locked
void attach_locked(struct Node* n, struct Node* child) {
  graph_wrlock();
  attach(n, child);
  graph_wrunlock();
}
