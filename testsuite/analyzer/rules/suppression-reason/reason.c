// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// With a reason, on the line or alone on the line above, a finding is gone; nothing else is found.

#include "../Inputs/world.h"

// lockvet-silent

int main(void) {
  co_read(); // lockvet: allow(coroutine-call) the simulator runs main() in a coroutine
  return 0;
}

int no_coroutine_fn above(void) {
  // lockvet: allow(coroutine-call) the caller has entered one by hand
  return co_read();
}

int no_coroutine_fn block_comment(void) {
  return co_read(); /* lockvet: allow(coroutine-call) see the manual */
}

int coroutine_fn two_rules(void) {
  // lockvet: allow(no-coroutine-call, blocking-in-coroutine) only at shutdown
  return sync_read();
}

// lockvet: allow(no-coroutine-call) the whole function is for debugging
int coroutine_fn whole_function(void) {
  int sum = sync_read();
  sum += sync_flush();
  return sum;
}

int coroutine_fn whole_function_too(void) { // lockvet: allow(no-coroutine-call) for debugging
  return sync_read();
}
