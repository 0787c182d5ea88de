// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Methods, static methods, overloads and operators carry markers like functions do.

#include "../Inputs/world.h"

class Disk {
public:
  int coroutine_fn co_read_at(long offset);
  int coroutine_fn read(int block, const char* why); // this overload only
  int read(int block);
  static int coroutine_fn co_open_any();
  int coroutine_fn operator[](int block);
};

int coroutine_fn co_all(Disk& disk) { // silent
  return disk.co_read_at(0) + disk.read(1, "test") + Disk::co_open_any() + disk[2];
}

int no_coroutine_fn plain_overload(Disk& disk) { // silent
  return disk.read(1);
}

int no_coroutine_fn method(Disk& disk) {
  return disk.co_read_at(0); // lockvet-error{{coroutine-call: coroutine_fn Disk::co_read_at()}}
}

int no_coroutine_fn marked_overload(Disk& disk) {
  return disk.read(1, "test"); // lockvet-error{{coroutine-call: coroutine_fn Disk::read()}}
}

int no_coroutine_fn static_method() {
  return Disk::co_open_any(); // lockvet-error{{coroutine-call: coroutine_fn Disk::co_open_any()}}
}

int no_coroutine_fn subscript(Disk& disk) {
  return disk[2]; // lockvet-error{{coroutine-call: coroutine_fn Disk::operator[]()}}
}
