// RUN: %clang -x c -std=c11 -I%annotations -O0 -S -emit-llvm -o - %s \
// RUN:   | FileCheck %s --implicit-check-not='call {{.*}}lockvet' --implicit-check-not=lockvet_main
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -O0 -S -emit-llvm -o - %s \
// RUN:   | FileCheck %s --implicit-check-not='call {{.*}}lockvet' --implicit-check-not=lockvet_main
// RUN: %clang -x c -std=c11 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s --check-prefix=AST
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -fsyntax-only -Xclang -ast-dump %s \
// RUN:   | FileCheck %s --check-prefix=AST

// The statements are calls for whoever reads the source, and nothing in the program.

#include <lockvet/context.h>

// CHECK: define {{.*}}all_of_them
// AST: FunctionDecl {{.*}} all_of_them
void all_of_them(void) {
  // AST: CallExpr
  // AST: DeclRefExpr {{.*}} 'lockvet_global_state_code'
  LV_GLOBAL_STATE_CODE();
  // AST: DeclRefExpr {{.*}} 'lockvet_io_code'
  LV_IO_CODE();
  // AST: DeclRefExpr {{.*}} 'lockvet_io_or_gs_code'
  LV_IO_OR_GS_CODE();
}
