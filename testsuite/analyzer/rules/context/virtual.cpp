// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Methods: markers on them, and calls that overriders answer.

#include "../Inputs/threads.h"

class Bus {
public:
  virtual ~Bus() = default;
  virtual void scan() = 0;
  void add() { LV_GLOBAL_STATE_CODE(); }
};

class FastBus : public Bus {
public:
  void scan() override {
    add(); // lockvet-error{{context: FastBus::scan() can run outside the main loop and calls}}
  }
};

class SlowBus : public Bus {
public:
  void scan() override { // silent
    notify();
  }
};

void rescan(Bus &bus) {
  LV_IO_CODE();
  bus.scan();
}

void add_in_request(Bus &bus) {
  LV_IO_CODE();
  bus.add(); // lockvet-error{{context: add_in_request() is for any thread and calls Bus::add()}}
}

class Guard {
public:
  Guard() { device_plug(); } // lockvet-error{{context: Guard::Guard() can run outside the main}}
};

class QuietGuard {
public:
  QuietGuard() { notify(); } // silent
};

void guarded() {
  LV_IO_CODE();
  Guard guard;
  QuietGuard quiet;
}

void guarded_too() {
  LV_IO_CODE();
  Guard guard;
}

void LV_MAIN_LOOP set_up(Bus &bus) { // silent
  Guard guard;
  bus.add();
}
