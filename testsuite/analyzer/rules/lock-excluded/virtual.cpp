// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// The lock is taken again by what overrides a method.

#include "../Inputs/locks.h"

struct Driver {
  virtual ~Driver() = default;
  virtual void flush() {}
  virtual void length() {}
  Mutex lock;
};

struct NetDriver : Driver {
  void flush() override {
    mutex_lock(&lock);
    mutex_unlock(&lock);
  }
  void length() override { plain_read(); }
};

void flush(Driver &driver) {
  mutex_lock(&driver.lock);
  driver.flush(); // lockvet-error{{lock-excluded: flush() holds Driver::lock exclusively}}
  mutex_unlock(&driver.lock);
}

void length(Driver &driver) { // silent
  mutex_lock(&driver.lock);
  driver.length();
  mutex_unlock(&driver.lock);
}

void flush_of_another(Driver &driver, Driver &backing) { // silent
  mutex_lock(&driver.lock);
  backing.flush();
  mutex_unlock(&driver.lock);
}

void flush_unlocked(Driver &driver) { // silent
  driver.flush();
}

int main() {
  NetDriver driver, backing;
  flush(driver);
  length(driver);
  flush_of_another(driver, backing);
  flush_unlocked(driver);
}
