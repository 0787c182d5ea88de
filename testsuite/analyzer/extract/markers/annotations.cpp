// Markers on C++ declarations of all kinds: methods, overrides, lambdas, aliases, templates.
// RUN: %rows_cpp %s label slot_label | %verify

#define coroutine_fn __attribute__((annotate("coroutine_fn")))
#define mixed_fn [[clang::annotate("coroutine_mixed_fn")]]

struct Base {
  virtual void coroutine_fn read();
  // CHECK: [[#@LINE-1]]: Base::read is coroutine_fn annotate
  coroutine_fn void write() const;
  // CHECK: [[#@LINE-1]]: Base::write is coroutine_fn annotate
  static void coroutine_fn shared();
  // CHECK: [[#@LINE-1]]: Base::shared is coroutine_fn annotate
};
struct Derived : Base {
  void read() override;
  void coroutine_fn only_here();
  // CHECK: [[#@LINE-1]]: Derived::only_here is coroutine_fn annotate
};
void coroutine_fn Derived::only_here() {}
// CHECK: [[#@LINE-1]]: Derived::only_here is coroutine_fn annotate
void Derived::read() {}

mixed_fn void by_standard_attribute() {}
// CHECK: [[#@LINE-1]]: by_standard_attribute is coroutine_mixed_fn annotate

using Entry coroutine_fn = void (*)(int);
typedef void coroutine_fn Function(int);
// CHECK: [[#@LINE-1]]: by_typedef is coroutine_fn typedef
Function by_typedef;
struct Ops {
  Entry entry;
  void coroutine_fn (*field)(int);
};

template <class T> void coroutine_fn instantiated(T) {}
// CHECK: [[#@LINE-1]]: instantiated is coroutine_fn annotate
void use() {
  instantiated(1);
  auto lambda = []() coroutine_fn {};
  // CHECK: [[#@LINE-1]]: use::lambda:{{[0-9]+}} is coroutine_fn annotate
  lambda();
}
namespace { void coroutine_fn internal() {} }
// CHECK: [[#@LINE-1]]: internal is coroutine_fn annotate
void use_internal() { internal(); }

// CHECK: Ops::entry is coroutine_fn
// CHECK: Ops::field is coroutine_fn
