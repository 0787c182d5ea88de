// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gxx_cxx17 %s

// Silent: an override that wants more than its base does. Lockvet: annotation-mismatch.

// expected-no-diagnostics

#include "../Inputs/mutex.hpp"

class Base {
public:
  virtual ~Base() = default;
  virtual void step() {}

protected:
  SharedMutex mutex_;
};

class Derived : public Base {
public:
  void step() override LV_REQUIRES(mutex_) {}
};

void drive(Base& base) {
  base.step();
}
