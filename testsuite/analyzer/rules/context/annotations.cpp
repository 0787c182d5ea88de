// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// The role of the main loop as a capability: what requires it is for the main loop. A call that the
// compiler already complains of is not reported again; those that it cannot see are.

#include <lockvet/context.h>

void LV_MAIN_LOOP plug();
void notify();

void request() {
  LV_IO_CODE();
  plug(); // lockvet-warning{{thread-safety-analysis: calling function 'plug' requires holding}}
}

struct Driver {
  void (*start)();
  void (*stop)();
};

static void stop() { // silent
  notify();
}

static const Driver driver = {
    plug, // lockvet-warning{{pointer-annotation: plug() requires lockvet_main_loop and goes to}}
    stop};

void request_by_pointer() {
  LV_IO_CODE();
  driver.start(); // lockvet-error{{context: request_by_pointer() is for any thread and calls}}
  driver.stop();  // silent
}

// The compiler leaves constructors alone.
class Device {
public:
  Device() { plug(); } // lockvet-error{{context: Device::Device() can run outside the main loop}}
};

void request_by_constructor() {
  LV_IO_CODE();
  Device device;
}

void LV_MAIN_LOOP set_up() { // silent
  Device device;
  plug();
  driver.start();
}

void in_either() { // silent
  LV_IO_OR_GS_CODE();
  notify();
}
