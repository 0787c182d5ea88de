// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A virtual call in a coroutine reaches what overrides the function that it names.

#include "../Inputs/world.h"

struct Device {
  virtual ~Device() = default;
  virtual int no_coroutine_fn open() = 0;
  virtual int status() = 0;
};

struct Nvme : Device {
  int no_coroutine_fn open() override { return 0; }
  int status() override { return plain_read(); } // silent
};

struct File : Device {
  int no_coroutine_fn open() override { return sync_read(); } // silent
  int status() override { return plain_read(); }              // silent
};

int coroutine_fn co_check(Device& device) {
  return device.status();
}

int coroutine_fn co_reopen(Device& device) {
  return device.open(); // lockvet-error{{no-coroutine-call: no_coroutine_fn Device::open()}}
}

int no_coroutine_fn reopen(Device& device) { // silent
  return device.open();
}
