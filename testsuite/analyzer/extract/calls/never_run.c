// What is never evaluated makes no edge; what is merely never reached does.
// RUN: %rows_c %s call_edge address_taken slot_value unresolved_call | %verify

int f(int x);
int g(int x);

unsigned long sizes(void) {
  return sizeof(f(1)) + sizeof(int[3]) + _Alignof(f) + __alignof__(f(2));
}

// The bound of an array of variable length is evaluated, even in sizeof and typeof.
unsigned long evaluated_sizes(int x) {
  int array[f(18)];
  // CHECK: [[#@LINE-1]]:13: evaluated_sizes -> f direct
  int (*pointer)[g(19)] = 0;
  // CHECK: [[#@LINE-1]]:18: evaluated_sizes -> g direct
  __typeof__(int[f(20)]) *other = 0;
  // CHECK: [[#@LINE-1]]:18: evaluated_sizes -> f direct
  return sizeof(int[f(3)]) + sizeof(array) + sizeof(*pointer) + (other == 0);
  // CHECK: [[#@LINE-1]]:21: evaluated_sizes -> f direct
}

void bound_of_parameter(int x, int array[f(21)]) {}
// CHECK: [[#@LINE-1]]:42: bound_of_parameter -> f direct

int types(void) {
  __typeof__(f(4)) x = 0;
  __typeof__(&f) *pointer = 0;
  return x + (pointer == 0);
}

int generic(int x) {
  return _Generic(f(5), int: g(6), long: f(7), default: f(8));
  // CHECK: [[#@LINE-1]]:30: generic -> g direct
}

int builtins(int x) {
  return __builtin_constant_p(f(9)) + __builtin_types_compatible_p(__typeof__(f(10)), int) +
         __builtin_choose_expr(1, g(11), f(12)) +
         // CHECK: [[#@LINE-1]]:35: builtins -> g direct
         (int)__builtin_object_size((void *)(long)f(13), 0);
}

_Static_assert(sizeof(f(14)) == sizeof(int), "an int");

// A declaration at block scope is no use of the function.
int block_scope(void) {
  extern int declared_only(int);
  int also_declared(int);
  return 0;
}

// `if (0)` counts: the code is there and may be switched on.
int switched_off(void) {
  if (0)
    return f(15);
    // CHECK: [[#@LINE-1]]:12: switched_off -> f direct
  return 0 && g(16);
  // CHECK: [[#@LINE-1]]:15: switched_off -> g direct
}

int after_return(void) {
  return 0;
  f(17);
  // CHECK: [[#@LINE-1]]:3: after_return -> f direct
}
