// RUN: %clang -x c -std=c11 -I%annotations -O0 -S -emit-llvm -o - %s \
// RUN:   | FileCheck %s --implicit-check-not=llvm.global.annotations \
// RUN:       --implicit-check-not='llvm.{{[a-z]+}}.annotation' --implicit-check-not=coroutine_fn
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -O0 -S -emit-llvm -o - %s \
// RUN:   | FileCheck %s --implicit-check-not=llvm.global.annotations \
// RUN:       --implicit-check-not='llvm.{{[a-z]+}}.annotation' --implicit-check-not=coroutine_fn
// RUN: %clang -x c -std=c11 -I%annotations -O0 -S -emit-llvm -D__LOCKVET__ -o - %s \
// RUN:   | FileCheck %s --check-prefix=LOCKVET

// Without __LOCKVET__ no marker reaches the compiler's intermediate code. With it they do, which
// shows that the first check would see them.

#include "../Inputs/coroutines.h"

// LOCKVET-DAG: llvm.global.annotations
// LOCKVET-DAG: c"coroutine_fn\00"
// LOCKVET-DAG: call {{.*}}@llvm.ptr.annotation

// CHECK: define {{.*}}through_a_field
int through_a_field(struct Driver* d) {
  return d->read(d) + co_read(d);
}
