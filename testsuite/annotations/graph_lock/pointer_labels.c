// RUN: %clang -x c -std=c11 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s
// RUN: %clang -x c -std=c11 -I%annotations -S -emit-llvm -o - %s \
// RUN:   | FileCheck %s --check-prefix=IR --implicit-check-not='llvm.{{[a-z]+}}.annotation'

// Under __LOCKVET__ the three kinds of pointer differ, by labels; otherwise no label is there.

#include "../Inputs/graph.h"

// CHECK: FieldDecl {{.*}} co_flush
// CHECK-DAG: GuardedByAttr
// CHECK-DAG: AnnotateAttr {{.*}} "coroutine_fn"
// CHECK-DAG: AnnotateAttr {{.*}} "graph_rdlock_ptr"
// CHECK: FieldDecl {{.*}} child_changed
// CHECK-DAG: GuardedByAttr
// CHECK-DAG: AnnotateAttr {{.*}} "graph_wrlock_ptr"
// CHECK: FieldDecl {{.*}} drained
// CHECK-NOT: GuardedByAttr
// CHECK: AnnotateAttr {{.*}} "graph_unlocked_ptr"
// CHECK: RecordDecl {{.*}} struct Node

// IR: define {{.*}}notify
void notify(struct Node* n) {
  n->driver->drained(n);
}
