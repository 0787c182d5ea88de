// Every lambda is a function of its own, named after where it stands.
// RUN: %rows_cpp %s function call_edge | %verify

int a(int x);
// CHECK: [[#@LINE-1]]: a external declared, _Z1ai

// In initialisers of globals: of one signature, and yet two.
auto first = [](int x) { return a(x); };
// CHECK: [[#@LINE-1]]: lambda:{{[0-9]+}} none, _ZNK3$_0clEi
// CHECK: [[#@LINE-2]]:33: lambda:{{[0-9]+}} -> a direct
auto second = [](int x) { return x; };
// CHECK: [[#@LINE-1]]: lambda:{{[0-9]+}} none, _ZNK3$_1clEi

// Two on one line, from one macro.
#define BOTH(x) [](int y) { return a(y); }(x) + [](int y) { return y; }(x)
int both(int x) {
// CHECK: [[#@LINE-1]]: both external, _Z4bothi
  return BOTH(x);
  // CHECK: [[#@LINE-1]]: both::lambda:{{[0-9]+}} none, _ZZ4bothiENK3$_0clEi
  // CHECK: [[#@LINE-2]]: both::lambda:{{[0-9]+}} none, _ZZ4bothiENK3$_1clEi
  // CHECK: [[#@LINE-3]]:10: both -> both::lambda:{{[0-9]+}} direct
  // CHECK: [[#@LINE-4]]:10: both -> both::lambda:{{[0-9]+}} direct
  // CHECK: [[#@LINE-5]]:10: both::lambda:{{[0-9]+}} -> a direct
}

// Nested, and with an initialised capture.
int nested(int x) {
// CHECK: [[#@LINE-1]]: nested external, _Z6nestedi
  auto outer = [y = a(x)](int z) {
  // CHECK: [[#@LINE-1]]: nested::lambda:{{[0-9]+}} none, _ZZ6nestediENK3$_0clEi
  // CHECK: [[#@LINE-2]]:21: nested -> a direct
    auto inner = [z] { return a(z); };
    // CHECK: [[#@LINE-1]]: nested::{{lambda:[0-9]+::lambda:[0-9]+}} none, {{_ZZZ6nested.*}}
    // CHECK: [[#@LINE-2]]:31: nested::lambda:{{[0-9]+}}::lambda:{{[0-9]+}} -> a direct
    return inner() + y;
    // CHECK: [[#@LINE-1]]:18: {{nested::lambda:.* -> nested::lambda:.*}} direct
  };
  return outer(x);
  // CHECK: [[#@LINE-1]]:17: nested -> nested::lambda:{{[0-9]+}} direct
}

struct Class {
// CHECK: [[#@LINE-1]]: Class::Class external, _ZN5ClassC1Ev
  int member = [] { return a(1); }();
  // CHECK: [[#@LINE-1]]: Class::lambda:{{[0-9]+}} none, _ZNK5Class6memberMUlvE_clEv
  // CHECK: [[#@LINE-2]]:28: Class::lambda:{{[0-9]+}} -> a direct
  // CHECK: [[#@LINE-3]]:36: Class::Class -> Class::lambda:{{[0-9]+}} direct
  int method() { return [this] { return member; }(); }
  // CHECK: [[#@LINE-1]]: Class::method external, _ZN5Class6methodEv
  // CHECK: [[#@LINE-2]]: Class::method::lambda:{{[0-9]+}} none, _ZZN5Class6methodEvENKUlvE_clEv
  // CHECK: [[#@LINE-3]]:51: Class::method -> Class::method::lambda:{{[0-9]+}} direct
};
namespace space { auto scoped = [] { return a(2); }; }
// CHECK: [[#@LINE-1]]: space::lambda:{{[0-9]+}} none, _ZNK5space3$_5clEv
// CHECK: [[#@LINE-2]]:45: space::lambda:{{[0-9]+}} -> a direct
Class object;
// CHECK: [[#@LINE-1]]:7: (initializer) -> Class::Class implicit

// In a template: one an instance.
template <class T> int instantiated(T value) {
// CHECK: [[#@LINE-1]]: instantiated external, _Z12instantiatedIdEiT_
// CHECK: [[#@LINE-2]]: instantiated external, _Z12instantiatedIiEiT_
  return [value] { return a((int)value); }();
  // CHECK: [[#@LINE-1]]: instantiated::lambda:{{[0-9]+}} none, _ZZ12instantiatedIdEiT_ENKUlvE_clEv
  // CHECK: [[#@LINE-2]]: instantiated::lambda:{{[0-9]+}} none, _ZZ12instantiatedIiEiT_ENKUlvE_clEv
  // CHECK: [[#@LINE-3]]:27: instantiated::lambda:{{[0-9]+}} -> a direct
  // CHECK: [[#@LINE-4]]:27: instantiated::lambda:{{[0-9]+}} -> a direct
  // CHECK: [[#@LINE-5]]:44: instantiated -> instantiated::lambda:{{[0-9]+}} direct
  // CHECK: [[#@LINE-6]]:44: instantiated -> instantiated::lambda:{{[0-9]+}} direct
}
int instances() { return instantiated(1) + instantiated(1.0); }
// CHECK: [[#@LINE-1]]: instances external, _Z9instancesv
// CHECK: [[#@LINE-2]]:26: instances -> instantiated direct
// CHECK: [[#@LINE-3]]:44: instances -> instantiated direct
