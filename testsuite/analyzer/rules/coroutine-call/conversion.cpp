// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A conversion operator is called where nothing is written but the object.

#include "../Inputs/world.h"

struct Disk {
  coroutine_fn operator bool() const;
};

int coroutine_fn co_test(const Disk& disk) { // silent
  return disk ? 1 : 0;
}

int no_coroutine_fn test(const Disk& disk) {
  if (disk) // lockvet-error{{coroutine-call: coroutine_fn Disk::operator bool()}}
    return 1;
  return 0;
}
