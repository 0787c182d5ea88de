// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A function that returns the predicate's answer is the predicate.

#include "../Inputs/world.h"

static inline bool may_suspend(void) {
  return qemu_in_coroutine();
}

static inline bool must_not_suspend(void) {
  return !qemu_in_coroutine();
}

int coroutine_mixed_fn by_wrapper(void) { // silent
  if (may_suspend())
    return co_read();
  return sync_read();
}

int coroutine_mixed_fn by_negating_wrapper(void) { // silent
  if (must_not_suspend())
    return sync_read();
  return co_read();
}

int coroutine_mixed_fn by_wrapper_swapped(void) {
  if (must_not_suspend())
    return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
  return 0;
}

static bool by_two_steps(void) {
  const bool inside = !must_not_suspend();
  return inside;
}

static bool by_branch(void) {
  if (must_not_suspend())
    return false;
  return true;
}

static bool and_more(bool ready) {
  return ready && may_suspend();
}

static bool or_more(bool ready) {
  return ready || may_suspend();
}

static bool same_anyway(void) {
  if (may_suspend())
    return true;
  return true;
}

int coroutine_mixed_fn by_wrapped_wrapper(void) { // silent
  return by_two_steps() ? co_read() : sync_read();
}

int coroutine_mixed_fn by_branching_wrapper(void) { // silent
  assert(by_branch() && "suspends");
  return co_read();
}

int coroutine_mixed_fn by_narrower_wrapper(bool ready) { // silent
  return and_more(ready) ? co_read() : 0;
}

int coroutine_mixed_fn by_narrower_wrapper_swapped(bool ready) {
  return and_more(ready) ? 0 : co_read(); // lockvet-error{{coroutine-call: without knowing}}
}

int coroutine_mixed_fn by_wider_wrapper(bool ready) {
  return or_more(ready) ? co_read() : 0; // lockvet-error{{coroutine-call: without knowing}}
}

int coroutine_mixed_fn by_stub(void) {
  if (same_anyway())
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

// Whoever calls the wrapper asks; it does not assert.
void no_coroutine_fn asks(void) { // silent
  if (may_suspend())
    plain_read();
}

static bool by_choice(bool ready) {
  return qemu_in_coroutine() ? ready : false;
}

int coroutine_mixed_fn by_choosing_wrapper(bool ready) { // silent
  return by_choice(ready) ? co_read() : 0;
}

int coroutine_mixed_fn by_choosing_wrapper_swapped(bool ready) {
  return by_choice(ready) ? 0 : co_read(); // lockvet-error{{coroutine-call: without knowing}}
}
