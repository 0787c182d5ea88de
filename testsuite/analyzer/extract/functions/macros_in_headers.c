// A header that two units read under different macros: its function is one, with what either says.
// RUN: rm -rf %t && split-file --leading-lines %s %t
// RUN: %rows_c %t function call_edge | %verify

//--- debug.c
#define DEBUG 1
#include "shared.h"
int debug(int x) {
// CHECK: debug.c:[[#@LINE-1]]: debug external, debug
  return step(x);
  // CHECK: debug.c:[[#@LINE-1]]:10: debug -> step direct
}

//--- release.c
#include "shared.h"
int release(int x) {
// CHECK: release.c:[[#@LINE-1]]: release external, release
  return step(x);
  // CHECK: release.c:[[#@LINE-1]]:10: release -> step direct
}

//--- shared.h
void trace(int x);
// CHECK: shared.h:[[#@LINE-1]]: trace external declared, trace
int always(int x);
// CHECK: shared.h:[[#@LINE-1]]: always external declared, always
static inline int step(int x) {
// CHECK: shared.h:[[#@LINE-1]]: step internal, step
#ifdef DEBUG
  trace(x);
  // CHECK: shared.h:[[#@LINE-1]]:3: step -> trace direct
#endif
  return always(x);
  // CHECK: shared.h:[[#@LINE-1]]:10: step -> always direct
}
