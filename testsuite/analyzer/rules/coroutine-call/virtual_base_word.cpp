// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Nobody is known to call these overrides. Where they run is what the nearest base that has a
// marker says.

#include "../Inputs/world.h"

struct Device {
  virtual int no_coroutine_fn open() = 0;
  virtual int coroutine_mixed_fn status() = 0;
  virtual int coroutine_fn co_transfer() = 0;
  virtual int reset() = 0;
};

struct Disk : Device {
  int co_transfer() override = 0;
  int open() override = 0;
};

struct Nvme : Disk {
  int open() override { // lockvet-note{{Nvme::open() overrides no_coroutine_fn Device::open()}}
    return co_read(); // lockvet-error{{coroutine-call: can run outside coroutines}}
  }
  int status() override {
    return co_read(); // lockvet-error{{coroutine-call: can run outside coroutines}}
  }
  int co_transfer() override { // silent
    return co_read();
  }
  int reset() override {
    return co_read(); // lockvet-warning{{coroutine-call: neither marked nor known}}
  }
};

struct File : Device {
  int open() override { return sync_read(); }   // silent
  int status() override {                       // silent
    return qemu_in_coroutine() ? co_read() : sync_read();
  }
  int coroutine_fn co_transfer() override { return co_read(); } // silent
  int reset() override { return sync_read(); }  // silent
};
