// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// An override and its base. Who calls by the base sees the base's marker.

#include "../Inputs/world.h"

struct Device {
  virtual ~Device() = default;
  virtual int read() = 0; // lockvet-note{{who calls Device::read() sees this declaration}}
  virtual int coroutine_fn co_read_some() = 0;
  virtual int coroutine_fn co_write() = 0;
  virtual int coroutine_mixed_fn flush() = 0;
  virtual int no_coroutine_fn open() = 0;
};

struct Nvme : Device {
  // lockvet-warning@+1{{annotation-mismatch: overrides Device::read(), which is unmarked}}
  int coroutine_fn read() override { return co_read(); }
  // lockvet-warning@+1{{annotation-mismatch: no_coroutine_fn Nvme::co_read_some() overrides}}
  int no_coroutine_fn co_read_some() override { return sync_read(); }
  int coroutine_fn co_write() override { return co_read(); }  // silent: the same
  int coroutine_mixed_fn flush() override { return 0; }       // silent: the same
  int no_coroutine_fn open() override { return sync_read(); } // silent: the same
};

struct File : Device {
  int read() override { return 0; }                            // silent
  int coroutine_mixed_fn co_read_some() override { return 0; } // silent: it does more than it must
  int co_write() override { return 0; }                        // silent: it needs no coroutine
  int flush() override { return 0; }                           // silent
  int open() override { return 0; }                            // silent
};
