// Functions that call themselves, directly, by way of another, and through a pointer.
// RUN: %rows_c %s call_edge | %verify

int self(int x) { return x ? self(x - 1) : 0; }
// CHECK: [[#@LINE-1]]:30: self -> self direct

int odd(int x);
int even(int x) { return x == 0 ? 1 : odd(x - 1); }
// CHECK: [[#@LINE-1]]:39: even -> odd direct
int odd(int x) { return x == 0 ? 0 : even(x - 1); }
// CHECK: [[#@LINE-1]]:38: odd -> even direct

static int (*step)(int);
int by_pointer(int x) {
  step = by_pointer;
  return step(x);
  // CHECK: [[#@LINE-1]]:10: by_pointer -> by_pointer flow via step
}
