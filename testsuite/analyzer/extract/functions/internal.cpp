// What is internal to its file stays so: unnamed namespaces and static functions of two files of
// one name, and the classes in them with their virtual methods.
// RUN: rm -rf %t && split-file --leading-lines %s %t
// RUN: %rows_cpp %t function call_edge | %verify

//--- a/impl.cpp
#include "base.h"
namespace {
struct Impl : Base { void run() override { in_a(); } };
// CHECK: a/impl.cpp:[[#@LINE-1]]: Impl::Impl internal, _ZN12_GLOBAL__N_14ImplC1Ev
// CHECK: a/impl.cpp:[[#@LINE-2]]: Impl::run internal, _ZN12_GLOBAL__N_14Impl3runEv
// CHECK: a/impl.cpp:[[#@LINE-3]]:8: Impl::Impl -> Base::Base implicit
// CHECK: a/impl.cpp:[[#@LINE-4]]:44: Impl::run -> in_a direct
int helper() { return 1; }
// CHECK: a/impl.cpp:[[#@LINE-1]]: helper internal, _ZN12_GLOBAL__N_16helperEv
}
int make_a() {
// CHECK: a/impl.cpp:[[#@LINE-1]]: make_a external, _Z6make_av
  Impl impl;
  // CHECK: a/impl.cpp:[[#@LINE-1]]:8: make_a -> Impl::Impl implicit
  return helper() + start(impl);
  // CHECK: a/impl.cpp:[[#@LINE-1]]:10: make_a -> helper direct
  // CHECK: a/impl.cpp:[[#@LINE-2]]:21: make_a -> start direct
}

//--- b/impl.cpp
#include "base.h"
namespace {
struct Impl : Base { void run() override { in_b(); } };
// CHECK: b/impl.cpp:[[#@LINE-1]]: Impl::Impl internal, _ZN12_GLOBAL__N_14ImplC1Ev
// CHECK: b/impl.cpp:[[#@LINE-2]]: Impl::run internal, _ZN12_GLOBAL__N_14Impl3runEv
// CHECK: b/impl.cpp:[[#@LINE-3]]:8: Impl::Impl -> Base::Base implicit
// CHECK: b/impl.cpp:[[#@LINE-4]]:44: Impl::run -> in_b direct
int helper() { return 2; }
// CHECK: b/impl.cpp:[[#@LINE-1]]: helper internal, _ZN12_GLOBAL__N_16helperEv
}
int make_b() {
// CHECK: b/impl.cpp:[[#@LINE-1]]: make_b external, _Z6make_bv
  Impl impl;
  // CHECK: b/impl.cpp:[[#@LINE-1]]:8: make_b -> Impl::Impl implicit
  return helper() + start(impl);
  // CHECK: b/impl.cpp:[[#@LINE-1]]:10: make_b -> helper direct
  // CHECK: b/impl.cpp:[[#@LINE-2]]:21: make_b -> start direct
}

//--- base.h
void in_a();
// CHECK: base.h:[[#@LINE-1]]: in_a external declared, _Z4in_av
void in_b();
// CHECK: base.h:[[#@LINE-1]]: in_b external declared, _Z4in_bv
struct Base { virtual void run() = 0; };
// CHECK: base.h:[[#@LINE-1]]: Base::Base external, _ZN4BaseC1Ev
// CHECK: base.h:[[#@LINE-2]]: Base::run external declared, _ZN4Base3runEv
inline int start(Base &base) {
// CHECK: base.h:[[#@LINE-1]]: start external, _Z5startR4Base
  base.run();
  // CHECK: base.h:[[#@LINE-1]]:8: start -> Impl::run virtual via Base::run
  // CHECK: base.h:[[#@LINE-2]]:8: start -> Impl::run virtual via Base::run
  return 0;
}
