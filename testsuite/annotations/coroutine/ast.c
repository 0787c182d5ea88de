// RUN: %clang -x c -std=c11 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s
// RUN: %clang -x c -std=c11 -I%annotations -fsyntax-only -Xclang -ast-dump %s \
// RUN:   | FileCheck %s --check-prefix=PLAIN

// Under __LOCKVET__ the marker is an attribute of what is declared: of the function, the field, the
// typedef, the parameter, the variable.

#include "../Inputs/coroutines.h"

// PLAIN-NOT: AnnotateAttr

// CHECK: FunctionDecl {{.*}} co_read
// CHECK: AnnotateAttr {{.*}} "coroutine_fn"
// CHECK: FunctionDecl {{.*}} either
// CHECK: AnnotateAttr {{.*}} "coroutine_mixed_fn"
// CHECK: FunctionDecl {{.*}} has_a_twin
// CHECK-DAG: AnnotateAttr {{.*}} "no_coroutine_fn"
// CHECK-DAG: AnnotateAttr {{.*}} "coroutine_mixed_fn"
// CHECK: FunctionDecl {{.*}} sync_read
// CHECK: AnnotateAttr {{.*}} "no_coroutine_fn"

// CHECK: FieldDecl {{.*}} read 'int (*)(void *)'
// CHECK-NEXT: AnnotateAttr {{.*}} "coroutine_fn"
// CHECK: FieldDecl {{.*}} sync_read 'int (*)(void *)'
// CHECK-NEXT: AnnotateAttr {{.*}} "no_coroutine_fn"
// CHECK: FieldDecl {{.*}} unmarked 'int (*)(void *)'
// CHECK-NOT: AnnotateAttr

// CHECK: TypedefDecl {{.*}} CoroutineEntry 'void (void *)'
// CHECK: AnnotateAttr {{.*}} "coroutine_fn"

// CHECK: FunctionDecl {{.*}} call
// CHECK-NEXT: ParmVarDecl {{.*}} callback 'int (*)(void *)'
// CHECK-NEXT: AnnotateAttr {{.*}} "coroutine_fn"

// CHECK: VarDecl {{.*}} variable 'int (*)(void *)'
// CHECK: AnnotateAttr {{.*}} "coroutine_fn"
