// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s
// RUN: %clangxx -std=c++17 -I%annotations -fsyntax-only -D__LOCKVET__ -Xclang -ast-dump %s \
// RUN:   | FileCheck %s

// In C++ a marker also stands on methods, templates and lambdas.

// expected-no-diagnostics

#include <lockvet/coroutine.h>

class Device {
public:
  virtual ~Device() = default;
  // CHECK: CXXMethodDecl {{.*}} read 'int (int)'
  // CHECK: AnnotateAttr {{.*}} "coroutine_fn"
  virtual int LV_COROUTINE_FN read(int n) = 0;
  // CHECK: CXXMethodDecl {{.*}} open
  // CHECK: AnnotateAttr {{.*}} "no_coroutine_fn"
  static bool LV_NO_COROUTINE_FN open();
};

class File : public Device {
public:
  // CHECK: CXXMethodDecl {{.*}} read 'int (int)'
  // CHECK: AnnotateAttr {{.*}} "coroutine_fn"
  int LV_COROUTINE_FN read(int n) override { return n; }
};

// CHECK: FunctionTemplateDecl {{.*}} read_twice
// CHECK: FunctionDecl {{.*}} read_twice 'int (File &)'
// CHECK: AnnotateAttr {{.*}} "coroutine_fn"
template <typename T> int LV_COROUTINE_FN read_twice(T& device) {
  return device.read(1) + device.read(1);
}

int use(File& file) {
  // CHECK: LambdaExpr
  // CHECK: CXXMethodDecl {{.*}} operator()
  // CHECK: AnnotateAttr {{.*}} "coroutine_fn"
  auto body = [&file]() LV_COROUTINE_FN { return read_twice(file); };
  return body();
}
