// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Methods have their twins in the same class.

#include "../Inputs/world.h"

class Disk {
public:
  int no_coroutine_fn coroutine_mixed_fn write(int block);
  int coroutine_fn co_write(int block);
};

int coroutine_fn co_copy(Disk& disk) {
  return disk.write(1); // lockvet-warning{{mixed-in-coroutine: instead of Disk::co_write()}}
}

int coroutine_fn co_copy_well(Disk& disk) { // silent
  return disk.co_write(1);
}

int no_coroutine_fn copy(Disk& disk) { // silent
  return disk.write(1);
}
