// RUN: %clang -x c -std=c11 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s
// RUN: %clang -x c -std=c11 -I%annotations -S -emit-llvm -o - %s \
// RUN:   | FileCheck %s --check-prefix=IR --implicit-check-not='llvm.{{[a-z]+}}.annotation'

// The bare names mean to the analyzer what the prefixed ones do, and nothing to the program.

#include <lockvet/qemu_names.h>

// CHECK: FunctionDecl {{.*}} foo
// CHECK-DAG: AnnotateAttr {{.*}} "coroutine_fn"
// CHECK-DAG: RequiresCapabilityAttr {{.*}} requires_shared_capability
// IR: define {{.*}}foo
static int coroutine_fn GRAPH_RDLOCK foo(void) {
  return 0;
}

// CHECK: FieldDecl {{.*}} cb
// CHECK: AnnotateAttr {{.*}} "coroutine_fn"
struct Ops {
  int coroutine_fn (*cb)(void*);
};

// CHECK: TypedefDecl {{.*}} CoroutineEntry
// CHECK: AnnotateAttr {{.*}} "coroutine_fn"
typedef void coroutine_fn CoroutineEntry(void* opaque);

// CHECK: ParmVarDecl {{.*}} fn
// CHECK: AnnotateAttr {{.*}} "no_coroutine_fn"
// CHECK: AnnotateAttr {{.*}} "coroutine_mixed_fn"
int coroutine_mixed_fn run(void no_coroutine_fn (*fn)(void)) {
  fn();
  return foo();
}
