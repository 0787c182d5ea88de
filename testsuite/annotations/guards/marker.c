// RUN: %clang -x c -std=c11 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s

// A guard over a coroutine lock is for coroutines: its functions carry the marker.

#include "../Inputs/mutex.h"

#include <lockvet/coroutine.h>
#include <lockvet/guards.h>

// CHECK: FunctionDecl {{.*}} lockvet_plain_enter
// CHECK-NOT: AnnotateAttr
// CHECK: FunctionDecl {{.*}} lockvet_co_enter
// CHECK: AnnotateAttr {{.*}} "coroutine_fn"
// CHECK: FunctionDecl {{.*}} lockvet_co_leave
// CHECK: AnnotateAttr {{.*}} "coroutine_fn"
LV_DEFINE_GUARD(plain, struct Mutex, mutex_lock, mutex_unlock)
LV_DEFINE_GUARD(co, struct Mutex, mutex_lock, mutex_unlock, LV_COROUTINE_FN)
