// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// A template is checked as it is used.

#include "../Inputs/world.h"

struct InCoroutine {
  int coroutine_fn run() { return co_read(); }
};
struct Anywhere {
  int run() { return plain_read(); }
};

template <class Work> int no_coroutine_fn run_outside(Work work) {
  return work.run(); // lockvet-error{{coroutine-call: calls coroutine_fn InCoroutine::run()}}
}

template <class Work> int coroutine_fn co_run(Work work) { // silent
  return work.run();
}

int no_coroutine_fn uses() {
  return run_outside(InCoroutine()) + run_outside(Anywhere());
}

int coroutine_fn co_uses() {
  return co_run(InCoroutine()) + co_run(Anywhere());
}
