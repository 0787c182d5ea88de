// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Pointers to members and lambdas, in C++.

#include "../Inputs/world.h"

struct Task {
  int coroutine_fn run() { return co_read(); }
  int coroutine_fn resume() { return co_read(); }
  int count() { return plain_read(); }
};

struct Stage {
  int (Task::*step)();
  int coroutine_fn (Task::*co_step)();
};

// lockvet-warning@+1{{pointer-annotation: coroutine_fn Task::run() goes to Stage::step}}
const Stage bad = {&Task::run, nullptr};
const Stage good = {&Task::count, &Task::resume}; // silent

void (*callback)();

void sets() {
  // lockvet-warning@+1{{pointer-annotation: goes to callback}}
  callback = []() coroutine_fn { co_read(); };
}

void sets_well() { // silent
  callback = [] { plain_read(); };
}
