// In C two files may each define a `struct State` of their own: their fields are two slots of one
// name. A header's record is one, and so is an extern variable; a static one is its file's.
// RUN: rm -rf %t && split-file --leading-lines %s %t
// RUN: %rows_c %t slot call_edge | %verify

//--- a/state.c
#include "shared.h"
struct State { int (*run)(int); };
// CHECK: a/state.c:[[#@LINE-1]]: State::run field
static int in_a(int x) { return x; }
static struct State state = { in_a };
static int (*hook)(int) = in_a;
// CHECK: a/state.c:[[#@LINE-1]]: hook global
int (*shared_hook)(int) = in_a;
int a(struct Shared *shared) {
  shared->run = in_a;
  return state.run(1) + hook(2);
  // CHECK: a/state.c:[[#@LINE-1]]:16: a -> in_a flow via State::run
  // CHECK: a/state.c:[[#@LINE-2]]:25: a -> in_a flow via hook
}

//--- b/state.c
#include "shared.h"
struct State { int (*run)(int); };
// CHECK: b/state.c:[[#@LINE-1]]: State::run field
static int in_b(int x) { return x; }
static struct State state = { in_b };
static int (*hook)(int) = in_b;
// CHECK: b/state.c:[[#@LINE-1]]: hook global
int b(struct Shared *shared) {
  return state.run(1) + hook(2) + shared->run(3) + shared_hook(4);
  // CHECK: b/state.c:[[#@LINE-1]]:16: b -> in_b flow via State::run
  // CHECK: b/state.c:[[#@LINE-2]]:25: b -> in_b flow via hook
  // CHECK: b/state.c:[[#@LINE-3]]:43: b -> in_a flow via Shared::run
  // CHECK: b/state.c:[[#@LINE-4]]:52: b -> in_a flow via shared_hook
}

//--- shared.h
struct Shared { int (*run)(int); };
// CHECK: shared.h:[[#@LINE-1]]: Shared::run field
extern int (*shared_hook)(int);
// CHECK: shared.h:[[#@LINE-1]]: shared_hook global
