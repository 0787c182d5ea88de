// A function value keeps its identity through everything that hands it on unchanged.
// RUN: %rows_c %s slot_value address_taken | %verify

int a(int x);
int b(int x);
int c(long x);
int (*slot)(int);

void parentheses(void) { slot = (((a))); }
// CHECK: [[#@LINE-1]]: slot = a
// CHECK: [[#@LINE-2]]: parentheses mentions a
void address(void) { slot = &a; }
// CHECK: [[#@LINE-1]]: slot = a
// CHECK: [[#@LINE-2]]: address mentions a
void dereferenced(void) { slot = ***a; }
// CHECK: [[#@LINE-1]]: slot = a
// CHECK: [[#@LINE-2]]: dereferenced mentions a
void cast(void) { slot = (int (*)(int))c; }
// CHECK: [[#@LINE-1]]: slot = c
// CHECK: [[#@LINE-2]]: cast mentions c
void double_cast(void) { slot = (int (*)(int))(void *)c; }
// CHECK: [[#@LINE-1]]: slot = c
// CHECK: [[#@LINE-2]]: double_cast mentions c
void conditional(int x) { slot = x ? a : b; }
// CHECK: [[#@LINE-1]]: slot = a
// CHECK: [[#@LINE-2]]: slot = b
// CHECK: [[#@LINE-3]]: conditional mentions a
// CHECK: [[#@LINE-4]]: conditional mentions b
void elvis(int x) { slot = slot ?: b; }
// CHECK: [[#@LINE-1]]: slot = b
// CHECK: [[#@LINE-2]]: elvis mentions b
void nested_conditional(int x) { slot = x ? (x > 1 ? a : b) : (int (*)(int))c; }
// CHECK: [[#@LINE-1]]: slot = a
// CHECK: [[#@LINE-2]]: slot = b
// CHECK: [[#@LINE-3]]: slot = c
// CHECK: [[#@LINE-4]]: nested_conditional mentions a
// CHECK: [[#@LINE-5]]: nested_conditional mentions b
// CHECK: [[#@LINE-6]]: nested_conditional mentions c
void generic(int x) { slot = _Generic(x, int: a, default: b); }
// CHECK: [[#@LINE-1]]: slot = a
// CHECK: [[#@LINE-2]]: generic mentions a
void statement_expression(int x) { slot = ({ int y = x; (void)y; b; }); }
// CHECK: [[#@LINE-1]]: slot = b
// CHECK: [[#@LINE-2]]: statement_expression mentions b
void compound_literal(void) { slot = (int (*)(int)){ a }; }
// CHECK: [[#@LINE-1]]: slot = a
// CHECK: [[#@LINE-2]]: compound_literal mentions a
void comma(void) { slot = ((void)0, a); }
// CHECK: [[#@LINE-1]]: slot = a
// CHECK: [[#@LINE-2]]: comma mentions a
void chosen(void) { slot = __builtin_choose_expr(0, a, b); }
// CHECK: [[#@LINE-1]]: slot = b
// CHECK: [[#@LINE-2]]: chosen mentions b
void chain(void) {
  int (*other)(int);
  slot = other = a;
  // CHECK: [[#@LINE-1]]: other = a
  // CHECK: [[#@LINE-2]]: chain mentions a
}

struct Ops { int (*run)(int); };
struct Ops ops;
void record_literal(void) { ops = (struct Ops){ .run = a }; }
// CHECK: [[#@LINE-1]]: Ops::run = a
// CHECK: [[#@LINE-2]]: record_literal mentions a
void literal_address(void) {
  struct Ops *pointer = &(struct Ops){ b };
  // CHECK: [[#@LINE-1]]: Ops::run = b
  // CHECK: [[#@LINE-2]]: literal_address mentions b
  pointer->run(1);
}
int array_literal(int x) { return ((int (*[])(int)){ a, b })[x](x); }

// Mentioned, but put nowhere.
int compared(void) { return slot == a; }
// CHECK: [[#@LINE-1]]: compared mentions a
unsigned long as_number(void) { return (unsigned long)a; }
// CHECK: [[#@LINE-1]]: as_number() = a
// CHECK: [[#@LINE-2]]: as_number mentions a
int tested(void) { return a ? 1 : 0; }
// CHECK: [[#@LINE-1]]: tested mentions a
void discarded(void) { (void)a; }
// CHECK: [[#@LINE-1]]: discarded mentions a

// Not mentioned as values.
int called(void) { return a(1); }
unsigned long size(void) { return sizeof(a(1)) + sizeof(&a); }
