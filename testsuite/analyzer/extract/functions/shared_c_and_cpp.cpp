// One function of C and of C++: extern "C" gives it one identity in both.
// RUN: rm -rf %t && split-file --leading-lines %s %t
// RUN: %rows_cpp %t function call_edge | %verify

//--- caller.cpp
#include "shared.h"
int from_cpp() {
// CHECK: caller.cpp:[[#@LINE-1]]: from_cpp external, _Z8from_cppv
  return defined_in_c(1) + inline_in_both(2);
  // CHECK: caller.cpp:[[#@LINE-1]]:10: from_cpp -> defined_in_c direct
  // CHECK: caller.cpp:[[#@LINE-2]]:28: from_cpp -> inline_in_both direct
}
extern "C" int defined_in_cpp(int x) { return x; }
// CHECK: caller.cpp:[[#@LINE-1]]: defined_in_cpp external, defined_in_cpp

//--- callee.c
#include "shared.h"
int defined_in_c(int x) {
// CHECK: callee.c:[[#@LINE-1]]: defined_in_c external, defined_in_c
  return defined_in_cpp(x) + inline_in_both(x);
  // CHECK: callee.c:[[#@LINE-1]]:10: defined_in_c -> defined_in_cpp direct
  // CHECK: callee.c:[[#@LINE-2]]:30: defined_in_c -> inline_in_both direct
}

//--- shared.h
#ifdef __cplusplus
extern "C" {
#endif
int defined_in_c(int x);
int defined_in_cpp(int x);
static inline int inline_in_both(int x) {
// CHECK: shared.h:[[#@LINE-1]]: inline_in_both internal, _ZL14inline_in_bothi
  return x;
}
#ifdef __cplusplus
}
#endif
