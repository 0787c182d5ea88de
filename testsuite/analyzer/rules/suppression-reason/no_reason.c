// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Without a reason the finding is gone and the missing reason is found in its place.

#include "../Inputs/world.h"

int main(void) {
  // lockvet-warning@+1{{suppression-reason: 'coroutine-call' is suppressed without a reason}}
  co_read(); // lockvet: allow(coroutine-call)
  return 0;
}

int no_coroutine_fn punctuation(void) {
  // lockvet-warning@+1{{suppression-reason: is suppressed without a reason}}
  return co_read(); // lockvet: allow(coroutine-call) -- ...
}

int no_coroutine_fn with_reason(void) { // silent
  return co_read(); // lockvet: allow(coroutine-call) - the hook has entered a coroutine
}
