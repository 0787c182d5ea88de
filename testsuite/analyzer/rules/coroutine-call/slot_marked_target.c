// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A call that breaks the marker of a member is a finding at the call. What is in the member runs in
// coroutines by the member's word: the same cause, and no second error.

#include "../Inputs/world.h"

struct Driver {
  int coroutine_fn (*co_read)(void);
};

static int raw_read(void) { // silent: it is an entry for coroutines
  return co_read();
}

static const struct Driver raw = {raw_read};

int no_coroutine_fn outside(void) {
  return raw.co_read(); // lockvet-error{{coroutine-call: coroutine_fn pointer Driver::co_read}}
}
