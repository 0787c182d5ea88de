// Functions are told apart by what the linker tells them apart by, and statics by their file, even
// where two files have one name.
// RUN: rm -rf %t && split-file --leading-lines %s %t
// RUN: %rows_c %t function call_edge | %verify

//--- a/util.c
#include "shared.h"
static int helper(int x) { return x; }
// CHECK: a/util.c:[[#@LINE-1]]: helper internal, helper
int a_entry(int x) {
// CHECK: a/util.c:[[#@LINE-1]]: a_entry external, a_entry
  return helper(x) + header_inline(x) + external(x);
  // CHECK: a/util.c:[[#@LINE-1]]:10: a_entry -> helper direct
  // CHECK: a/util.c:[[#@LINE-2]]:22: a_entry -> header_inline direct
  // CHECK: a/util.c:[[#@LINE-3]]:41: a_entry -> external direct
}

//--- b/util.c
#include "shared.h"
static int helper(int x) { return x + 1; }
// CHECK: b/util.c:[[#@LINE-1]]: helper internal, helper
int b_entry(int x) {
// CHECK: b/util.c:[[#@LINE-1]]: b_entry external, b_entry
  return helper(x) + header_inline(x) + external(x);
  // CHECK: b/util.c:[[#@LINE-1]]:10: b_entry -> helper direct
  // CHECK: b/util.c:[[#@LINE-2]]:22: b_entry -> header_inline direct
  // CHECK: b/util.c:[[#@LINE-3]]:41: b_entry -> external direct
}
int external(int x) { return x; }
// CHECK: b/util.c:[[#@LINE-1]]: external external, external

//--- shared.h
int external(int x);
static inline int header_inline(int x) {
// CHECK: shared.h:[[#@LINE-1]]: header_inline internal, header_inline
  return external(x);
  // CHECK: shared.h:[[#@LINE-1]]:10: header_inline -> external direct
}
static inline int never_used(int x) { return x; }
// CHECK: shared.h:[[#@LINE-1]]: never_used internal, never_used
