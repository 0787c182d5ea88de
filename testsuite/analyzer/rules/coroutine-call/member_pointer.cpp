// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A call through a pointer to member runs what was put into it.

#include "../Inputs/world.h"

struct Task {
  int step();
  int finish();
};

int Task::step() {
  return co_read(); // lockvet-error{{coroutine-call: Task::step() calls coroutine_fn co_read()}}
}

int Task::finish() { // silent
  return sync_read();
}

struct Stage {
  int (Task::*run)();
};

static const Stage stages[] = {{&Task::step}, {&Task::finish}};

int no_coroutine_fn run_all(Task& task) {
  int sum = 0;
  for (const Stage& stage : stages)
    sum += (task.*stage.run)();
  return sum;
}
