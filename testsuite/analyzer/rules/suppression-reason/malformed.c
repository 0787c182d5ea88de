// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A malformed comment suppresses nothing and says so.

#include "../Inputs/world.h"

int no_coroutine_fn no_parentheses(void) {
  // lockvet-error@+2{{coroutine-call: no_parentheses()}}
  // lockvet-warning@+1{{suppression-reason: this comment suppresses nothing}}
  return co_read(); // lockvet: allow coroutine-call because
}

int no_coroutine_fn no_rule(void) {
  // lockvet-error@+2{{coroutine-call: no_rule()}}
  // lockvet-warning@+1{{suppression-reason: this comment suppresses nothing}}
  return co_read(); // lockvet: allow() because
}

int no_coroutine_fn another_word(void) {
  // lockvet-error@+2{{coroutine-call: another_word()}}
  // lockvet-warning@+1{{suppression-reason: this comment suppresses nothing}}
  return co_read(); // lockvet: ignore(coroutine-call) because
}

int no_coroutine_fn in_a_string(const char **text) { // silent about the comment: it is none
  *text = "// lockvet: allow coroutine-call"; return co_read(); // lockvet-error{{coroutine-call:}}
}

int no_coroutine_fn only_talks_about_it(void) {
  return co_read(); // Lockvet says so, and is right. lockvet-error{{coroutine-call: only_talks}}
}
