// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --rule unneeded-annotation
//
// What overrides a coroutine_fn, or is overridden by one, is bound by the other.

#include "../Inputs/world.h"

struct Driver {
  virtual ~Driver() = default;
  virtual int coroutine_fn co_length() { return 0; }
};

struct FileDriver : Driver {
  int coroutine_fn co_length() override { return co_read(); }
};

struct NullDriver : Driver {
  int coroutine_fn co_length() override { return 512; }
  int coroutine_fn co_size() { return 512; } // lockvet-warning{{unneeded-annotation:}}
};
