// annotate attributes are labels: one row a declaration that carries one, with where it stands.
// RUN: %rows_c %s label slot_label | %verify

#define coroutine_fn __attribute__((annotate("coroutine_fn")))
#define no_coroutine_fn __attribute__((annotate("no_coroutine_fn")))

int coroutine_fn defined(int x) { return x; }
// CHECK: [[#@LINE-1]]: defined is coroutine_fn annotate

// A header's declaration and the definition: two rows. One of them only: one.
int coroutine_fn twice(int x);
// CHECK: [[#@LINE-1]]: twice is coroutine_fn annotate
int coroutine_fn twice(int x) { return x; }
// CHECK: [[#@LINE-1]]: twice is coroutine_fn annotate
int coroutine_fn declared_only(int x);
// CHECK: [[#@LINE-1]]: declared_only is coroutine_fn annotate
int coroutine_fn on_declaration(int x);
// CHECK: [[#@LINE-1]]: on_declaration is coroutine_fn annotate
int on_declaration(int x) { return x; }
int on_definition(int x);
int coroutine_fn on_definition(int x) { return x; }
// CHECK: [[#@LINE-1]]: on_definition is coroutine_fn annotate

// Written twice on one declaration it is still one.
coroutine_fn int coroutine_fn repeated(int x) { return x; }
// CHECK: [[#@LINE-1]]: repeated is coroutine_fn annotate

int no_coroutine_fn coroutine_fn two_labels(int x) { return x; }
// CHECK: [[#@LINE-1]]: two_labels is coroutine_fn annotate
// CHECK: [[#@LINE-2]]: two_labels is no_coroutine_fn annotate

// A block-scope declaration is no one else's.
int uses(int x) {
  int coroutine_fn only_here(int);
  return only_here(x);
}

// Typedefs carry their marker to what is declared with them.
typedef int coroutine_fn CoroutineFunction(int);
// CHECK: [[#@LINE-1]]: by_typedef is coroutine_fn typedef
typedef CoroutineFunction *CoroutinePointer;
CoroutineFunction by_typedef;

// Fields, variables, parameters: by themselves and by their type.
struct Ops {
  int coroutine_fn (*field)(int);
  CoroutineFunction *by_typedef;
  CoroutinePointer table[2];
  int (*plain)(int);
};
static int coroutine_fn (*variable)(int);
CoroutinePointer other_variable;
int run(CoroutineFunction *entry, int coroutine_fn (*callback)(int), int (*plain)(int)) {
  return entry(1) + callback(2) + plain(3) + variable(4);
}

// None.
int plain(int x) { return x; }
int unused_attribute(int x) __attribute__((unused));

// CHECK: Ops::by_typedef is coroutine_fn
// CHECK: Ops::field is coroutine_fn
// CHECK: Ops::table is coroutine_fn
// CHECK: callback is coroutine_fn
// CHECK: entry is coroutine_fn
// CHECK: other_variable is coroutine_fn
// CHECK: variable is coroutine_fn
