// What a variadic function takes with va_arg() is any of what its callers hand over beside its
// parameters.
// RUN: %rows_c %s call_edge slot_value unresolved_call | %verify

typedef __builtin_va_list va_list;
typedef int Callback(int);
int a(int x);
int b(int x);

static int run_all(int count, ...) {
  va_list arguments;
  __builtin_va_start(arguments, count);
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    Callback *callback = __builtin_va_arg(arguments, Callback *);
    sum += callback(i);
    // CHECK: [[#@LINE-1]]:12: run_all -> a flow via callback
    // CHECK: [[#@LINE-2]]:12: run_all -> b flow via callback
  }
  __builtin_va_end(arguments);
  return sum;
}

int runs(void) {
  return run_all(2, a, b);
  // CHECK: [[#@LINE-1]]: run_all::$1 = a
  // CHECK: [[#@LINE-2]]: run_all::$1 = b
  // CHECK: [[#@LINE-3]]:10: runs -> run_all direct
}

// CHECK: callback = a
// CHECK: callback = b
