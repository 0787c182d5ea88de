// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A call that breaks the marker of the base is a finding at the call. What overrides the base runs
// in coroutines by the base's word, whoever breaks it: that is the same cause, and no second error.

#include "../Inputs/world.h"

struct Device {
  virtual int coroutine_fn co_transfer() = 0;
};

struct Nvme : Device {
  int co_transfer() override {
    return co_read(); // silent, or at most a warning where coroutines call it
  }
};

int no_coroutine_fn copy(Device& device) {
  return device.co_transfer(); // lockvet-error{{coroutine-call: calls coroutine_fn Device::co}}
}
