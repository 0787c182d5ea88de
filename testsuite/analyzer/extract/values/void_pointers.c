// Functions are kept in `void *` fields and parameters, and called after a cast.
// RUN: %rows_c %s call_edge unresolved_call slot_value | %verify

int a(int x);
int b(int x);

struct Opaque { void *data; unsigned long number; };

void keep(struct Opaque *opaque) { opaque->data = a; }
// CHECK: [[#@LINE-1]]: Opaque::data = a
int call(struct Opaque *opaque) {
  return ((int (*)(int))opaque->data)(1);
  // CHECK: [[#@LINE-1]]:11: call -> a flow via Opaque::data
  // CHECK: [[#@LINE-2]]:11: call -> b flow via Opaque::data
}
int call_copy(struct Opaque *opaque) {
  int (*function)(int) = opaque->data;
  return function(2);
  // CHECK: [[#@LINE-1]]:10: call_copy -> a flow via function
  // CHECK: [[#@LINE-2]]:10: call_copy -> b flow via function
}

static struct Opaque initialised = { .data = b };
// CHECK: [[#@LINE-1]]: Opaque::data = b

// As an argument, as GLib's g_signal_connect() and pthread_create() have it.
static int invoke(void *function, int x) {
  int (*typed)(int) = (int (*)(int))function;
  return typed(x);
  // CHECK: [[#@LINE-1]]:10: invoke -> b flow via typed
}
int invoked(void) { return invoke(b, 3); }
// CHECK: [[#@LINE-1]]: function = b
// CHECK: [[#@LINE-2]]:28: invoked -> invoke direct

// Data in a `void *` is no function value.
static int number;
static struct Opaque data = { .data = &number };

// CHECK: function = a
// CHECK: function = b
// CHECK: typed = b
