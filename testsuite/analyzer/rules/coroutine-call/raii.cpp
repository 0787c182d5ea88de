// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Constructors and destructors are called like any function, and marked like any.

#include "../Inputs/world.h"

class CoLock {
public:
  coroutine_fn CoLock();
  coroutine_fn ~CoLock();
};

class ThreadLock {
public:
  ThreadLock();
  ~ThreadLock();
};

int coroutine_fn co_work() { // silent
  CoLock lock;
  return 0;
}

int no_coroutine_fn outside() { // silent
  ThreadLock lock;
  return 0;
}

int no_coroutine_fn outside_with_the_wrong_one() {
  CoLock lock; // lockvet-error{{coroutine-call: calls coroutine_fn CoLock}}
  return 0;
}

int coroutine_mixed_fn scope_in_a_branch() { // silent: both calls happen within the branch
  if (qemu_in_coroutine()) {
    CoLock lock;
    return 1;
  }
  return 0;
}
