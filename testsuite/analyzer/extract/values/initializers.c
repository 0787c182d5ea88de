// Function values in initialisers go to the field or variable they initialise, however written.
// RUN: %rows_c %s slot_value | %verify

typedef int Callback(int);
int a(int x);
int b(int x);
int c(int x);

struct Ops {
  const char *name;
  int (*open)(int);
  Callback *close;
};

struct Ops designated = {
  .close = b,
  // CHECK: [[#@LINE-1]]: Ops::close = b
  .open = a,
  // CHECK: [[#@LINE-1]]: Ops::open = a
};

struct Ops positional = { "positional", a, c };
// CHECK: [[#@LINE-1]]: Ops::close = c
// CHECK: [[#@LINE-2]]: Ops::open = a

struct Ops mixed = { "mixed", .close = c, };
// CHECK: [[#@LINE-1]]: Ops::close = c

// Braces left out, or too many.
struct Nested { struct Ops first; struct Ops second[2]; int (*last)(int); };
struct Nested elided = { "1", a, b, "2", b, c, "3", c, a, b };
// CHECK: [[#@LINE-1]]: Nested::last = b
// CHECK: [[#@LINE-2]]: Ops::close = a
// CHECK: [[#@LINE-3]]: Ops::close = b
// CHECK: [[#@LINE-4]]: Ops::close = c
// CHECK: [[#@LINE-5]]: Ops::open = a
// CHECK: [[#@LINE-6]]: Ops::open = b
// CHECK: [[#@LINE-7]]: Ops::open = c
struct Nested full = { { "1", a }, { { .open = c }, [1] = { .close = a } }, .last = (c) };
// CHECK: [[#@LINE-1]]: Nested::last = c
// CHECK: [[#@LINE-2]]: Ops::close = a
// CHECK: [[#@LINE-3]]: Ops::open = a
// CHECK: [[#@LINE-4]]: Ops::open = c
struct Nested by_path = { .second[1].open = b, .first.close = a };
// CHECK: [[#@LINE-1]]: Ops::close = a
// CHECK: [[#@LINE-2]]: Ops::open = b

int (*variable)(int) = a;
// CHECK: [[#@LINE-1]]: variable = a
int (*with_address)(int) = &b;
// CHECK: [[#@LINE-1]]: with_address = b
int (*parenthesised)(int) = ((c));
// CHECK: [[#@LINE-1]]: parenthesised = c
Callback *const constant = a;
// CHECK: [[#@LINE-1]]: constant = a

int (*array[])(int) = { a, b, [4] = c };
// CHECK: [[#@LINE-1]]: array = a
// CHECK: [[#@LINE-2]]: array = b
// CHECK: [[#@LINE-3]]: array = c
int (*matrix[2][2])(int) = { { a }, { b, c } };
// CHECK: [[#@LINE-1]]: matrix = a
// CHECK: [[#@LINE-2]]: matrix = b
// CHECK: [[#@LINE-3]]: matrix = c
struct Ops table[] = { { "x", a }, { .close = b }, [3].open = c };
// CHECK: [[#@LINE-1]]: Ops::close = b
// CHECK: [[#@LINE-2]]: Ops::open = a
// CHECK: [[#@LINE-3]]: Ops::open = c
int (*range[8])(int) = { [0 ... 7] = a };
// CHECK: [[#@LINE-1]]: range = a

union Any { int number; int (*function)(int); };
union Any any = { .function = a };
// CHECK: [[#@LINE-1]]: Any::function = a
struct Tagged { int tag; union Any value; };
struct Tagged tagged = { 1, { .function = b } };
// CHECK: [[#@LINE-1]]: Any::function = b

// Members of unnamed members are their record's.
struct Anonymous {
  int tag;
  union { int (*get)(int); void *data; };
  struct { int (*set)(int); };
};
struct Anonymous anonymous = { .get = a, .set = b };
// CHECK: [[#@LINE-1]]: Anonymous::get = a
// CHECK: [[#@LINE-2]]: Anonymous::set = b

// A record without a name is named after the variable, the field or the typedef.
struct { int (*hook)(int); } unnamed = { .hook = a };
// CHECK: [[#@LINE-1]]: unnamed::hook = a
typedef struct { int (*hook)(int); } ByTypedef;
ByTypedef by_typedef = { c };
// CHECK: [[#@LINE-1]]: ByTypedef::hook = c
struct Outer { struct { int (*hook)(int); } inner; };
struct Outer outer = { .inner.hook = b };
// CHECK: [[#@LINE-1]]: Outer::inner::hook = b

// Static inside a function, and local ones.
int inside(int x) {
  static const struct Ops constant_ops = { .open = a };
  // CHECK: [[#@LINE-1]]: Ops::open = a
  struct Ops local_ops = { "local", b };
  // CHECK: [[#@LINE-1]]: Ops::open = b
  int (*local)(int) = c;
  // CHECK: [[#@LINE-1]]: local = c
  return constant_ops.open(x) + local_ops.open(x) + local(x);
}

// No function in them.
struct Ops empty = { 0 };
int (*null)(int) = 0;
int not_a_function = 3;
