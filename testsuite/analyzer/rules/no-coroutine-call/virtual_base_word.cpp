// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Nobody is known to call these overrides. Where they run is what the base's marker says.

#include "../Inputs/world.h"

struct Device {
  virtual int no_coroutine_fn open() = 0;
  virtual int coroutine_mixed_fn status() = 0;
  virtual int coroutine_fn co_transfer() = 0;
  virtual int reset() = 0;
};

static int probe() {
  return sync_read();
}

struct Nvme : Device {
  int open() override { return probe(); } // silent
  int status() override {
    return sync_read(); // lockvet-warning{{no-coroutine-call: Nvme::status() can run}}
  }
  int co_transfer() override { // lockvet-note{{overrides coroutine_fn Device::co_transfer()}}
    return probe(); // lockvet-error{{no-coroutine-call: Nvme::co_transfer() can run}}
  }
  int reset() override { return sync_read(); } // silent: nobody says anything
};
