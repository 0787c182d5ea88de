// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// An override says nothing and calls a no_coroutine_fn; a coroutine reaches it by a virtual call.

#include "../Inputs/world.h"

struct Device {
  virtual ~Device() = default;
  virtual int status() = 0;
};

struct Nvme : Device {
  int status() override {
    return sync_read(); // lockvet-error{{no-coroutine-call: Nvme::status() can run in a coroutine}}
  }
};

struct File : Device {
  int status() override { return plain_read(); } // silent
};

int coroutine_fn co_check(Device& device) {
  return device.status(); // lockvet-note{{calls Nvme::status() by a virtual call}}
}
