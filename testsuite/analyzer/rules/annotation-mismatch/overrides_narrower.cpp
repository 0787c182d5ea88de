// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// An override that works in fewer contexts than its base promises.

#include "../Inputs/world.h"

struct Device {
  virtual int coroutine_mixed_fn flush() = 0;
  virtual int no_coroutine_fn open() = 0;
  virtual int coroutine_mixed_fn close() = 0;
};

struct Nvme : Device {
  // lockvet-warning@+1{{annotation-mismatch: coroutine_fn Nvme::flush() overrides Device::flush()}}
  int coroutine_fn flush() override { return co_flush(); }
  // lockvet-warning@+1{{annotation-mismatch: coroutine_fn Nvme::open() overrides Device::open()}}
  int coroutine_fn open() override { return co_read(); }
  // lockvet-warning@+1{{annotation-mismatch: no_coroutine_fn Nvme::close() overrides}}
  int no_coroutine_fn close() override { return sync_flush(); }
};
