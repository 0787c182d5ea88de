// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A virtual call reaches what overrides the function that it names.

#include "../Inputs/world.h"

struct Device {
  virtual ~Device() = default;
  virtual int open() = 0;
  virtual int coroutine_fn co_transfer() = 0;
};

struct Nvme : Device {
  int open() override {
    return co_read(); // lockvet-error{{coroutine-call: Nvme::open() calls coroutine_fn co_read()}}
  }
  // The base's marker says where this runs. It is not repeated, so that who calls the override by
  // its own name does not see it.
  int co_transfer() override {
    return co_read(); // lockvet-warning{{coroutine-call: Nvme::co_transfer() calls}}
  }
};

struct File : Device {
  int open() override { return sync_read(); }           // silent
  int coroutine_fn co_transfer() override { return co_read(); } // silent
};

int no_coroutine_fn open_device(Device& device) {
  return device.open(); // lockvet-note{{calls Nvme::open() by a virtual call}}
}

int coroutine_fn co_copy(Device& from, Device& to) { // silent
  return from.co_transfer() + to.co_transfer();
}
