// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s
// RUN: %clang -x c -std=c11 -I%annotations -S -emit-llvm -o - %s \
// RUN:   | FileCheck %s --check-prefix=IR --implicit-check-not='llvm.{{[a-z]+}}.annotation'
// RUN: %clang -x c -std=c11 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s

// LV_LABEL: a user's own word on a declaration, for the analyzer alone.

// expected-no-diagnostics

#include <lockvet/label.h>

// CHECK: FunctionDecl {{.*}} before_the_name
// CHECK: AnnotateAttr {{.*}} "blocking"
// IR: define {{.*}}before_the_name
int LV_LABEL("blocking") before_the_name(void) {
  return 0;
}

// CHECK: FunctionDecl {{.*}} after_the_parameters
// CHECK: AnnotateAttr {{.*}} "polls"
int after_the_parameters(void) LV_LABEL("polls");

// CHECK: TypedefDecl {{.*}} Handler
// CHECK: AnnotateAttr {{.*}} "atomic"
typedef void LV_LABEL("atomic") Handler(void* opaque);

// CHECK: VarDecl {{.*}} counter
// CHECK: AnnotateAttr {{.*}} "per_thread"
extern int counter LV_LABEL("per_thread");
