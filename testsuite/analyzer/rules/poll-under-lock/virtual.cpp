// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// What overrides the method waits.

#include "../Inputs/locks.h"

struct Driver {
  virtual ~Driver() = default;
  virtual void flush() {}
  virtual void length() {}
};

struct NetDriver : Driver {
  void flush() override { drain_requests(); }
  void length() override { plain_read(); }
};

void flush(Driver &driver) {
  graph_rdlock();
  driver.flush(); // lockvet-error{{poll-under-lock: flush() holds graph_lock shared and calls}}
  graph_rdunlock();
}

void length(Driver &driver) { // silent
  graph_rdlock();
  driver.length();
  graph_rdunlock();
}

void flush_unlocked(Driver &driver) { // silent
  driver.flush();
}

int main() {
  NetDriver driver;
  flush(driver);
  length(driver);
  flush_unlocked(driver);
}
