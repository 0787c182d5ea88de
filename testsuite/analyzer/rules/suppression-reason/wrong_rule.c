// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A comment for another rule suppresses nothing here; one for a rule that does not exist is found.

#include "../Inputs/world.h"

int no_coroutine_fn other_rule(void) {
  // lockvet-error@+1{{coroutine-call: no_coroutine_fn other_rule()}}
  return co_read(); // lockvet: allow(no-coroutine-call) this is about something else
}

int no_coroutine_fn misspelt(void) {
  // lockvet-error@+2{{coroutine-call: no_coroutine_fn misspelt()}}
  // lockvet-warning@+1{{suppression-reason: no rule is called 'coroutine-cal'}}
  return co_read(); // lockvet: allow(coroutine-cal) a reason
}

int no_coroutine_fn misspelt_beside_a_good_one(void) {
  // lockvet-warning@+1{{suppression-reason: no rule is called 'corotine-call'}}
  return co_read(); // lockvet: allow(coroutine-call, corotine-call) a reason
}
