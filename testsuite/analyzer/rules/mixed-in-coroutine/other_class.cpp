// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Another class's method of the twin's name is no twin.

#include "../Inputs/world.h"

// lockvet-silent

class Disk {
public:
  int no_coroutine_fn coroutine_mixed_fn write(int block);
};

class Socket {
public:
  int coroutine_fn co_write(int byte);
};

int coroutine_fn co_copy(Disk& disk, Socket& socket) {
  return disk.write(1) + socket.co_write(2);
}
