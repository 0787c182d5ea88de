// A template instantiated alike in two units is one function; each instance has calls of its own.
// RUN: rm -rf %t && split-file --leading-lines %s %t
// RUN: %rows_cpp %t function call_edge | %verify

//--- first.cpp
#include "shared.h"
int first() {
// CHECK: first.cpp:[[#@LINE-1]]: first external, _Z5firstv
  return Box<int>().get() + twice(1);
  // CHECK: first.cpp:[[#@LINE-1]]:21: first -> Box<int>::get direct
  // CHECK: first.cpp:[[#@LINE-2]]:29: first -> twice direct
}

//--- second.cpp
#include "shared.h"
int second() {
// CHECK: second.cpp:[[#@LINE-1]]: second external, _Z6secondv
  return Box<int>().get() + twice(2) + (int)twice(2.0);
  // CHECK: second.cpp:[[#@LINE-1]]:21: second -> Box<int>::get direct
  // CHECK: second.cpp:[[#@LINE-2]]:29: second -> twice direct
  // CHECK: second.cpp:[[#@LINE-3]]:45: second -> twice direct
}

//--- shared.h
int convert(int);
// CHECK: shared.h:[[#@LINE-1]]: convert external declared, _Z7converti
double convert(double);
// CHECK: shared.h:[[#@LINE-1]]: convert external declared, _Z7convertd
template <class T> T twice(T value) {
// CHECK: shared.h:[[#@LINE-1]]: twice external, _Z5twiceIdET_S0_
// CHECK: shared.h:[[#@LINE-2]]: twice external, _Z5twiceIiET_S0_
  return convert(value) + convert(value);
  // CHECK: shared.h:[[#@LINE-1]]:10: twice -> convert direct
  // CHECK: shared.h:[[#@LINE-2]]:10: twice -> convert direct
  // CHECK: shared.h:[[#@LINE-3]]:27: twice -> convert direct
  // CHECK: shared.h:[[#@LINE-4]]:27: twice -> convert direct
}
template <class T> struct Box {
  T get() {
  // CHECK: shared.h:[[#@LINE-1]]: Box<int>::get external, _ZN3BoxIiE3getEv
    return convert(T());
    // CHECK: shared.h:[[#@LINE-1]]:12: Box<int>::get -> convert direct
  }
  T unused() { return convert(T()); }
};
