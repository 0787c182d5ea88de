// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// The base says nothing, one override is a no_coroutine_fn: a coroutine that calls the base reaches
// it. That the override is narrower than its base is a finding of its own, at the override.

#include "../Inputs/world.h"

struct Device {
  virtual ~Device() = default;
  virtual void drained() = 0;
  virtual void resized() = 0;
};

struct Nvme : Device {
  // lockvet-warning@+1{{annotation-mismatch: no_coroutine_fn Nvme::drained() overrides}}
  void no_coroutine_fn drained() override { sync_flush(); }
  void resized() override {}
};

void coroutine_fn co_drain(Device& device) {
  device.drained(); // lockvet-error{{no-coroutine-call: Nvme::drained()}}
}

void coroutine_fn co_resize(Device& device) { // silent
  device.resized();
}
