// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s
// RUN: %clang -x c -std=c11 -I%annotations -O0 -S -emit-llvm -o - %s | FileCheck %s

// LV_CHECK_MAIN_LOOP: a program that can tell where it is checks it while it runs.

// expected-no-diagnostics

void fail_unless_main_thread(void);
#define LV_CHECK_MAIN_LOOP() fail_unless_main_thread()
#include <lockvet/context.h>

// CHECK: define {{.*}}global_state
// CHECK: call void @fail_unless_main_thread
void global_state(void) {
  LV_GLOBAL_STATE_CODE();
}

// CHECK: define {{.*}}io
// CHECK-NOT: call void @fail_unless_main_thread
void io(void) {
  LV_IO_CODE();
}
