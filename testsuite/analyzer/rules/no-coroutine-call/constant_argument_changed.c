// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Only what reaches the branch unchanged counts.

#include "../Inputs/world.h"

bool setting(void);

static void reads_setting(bool poll) {
  poll = poll || setting();
  if (poll)
    sync_flush(); // lockvet-error{{no-coroutine-call: reads_setting()}}
}

static void other_parameter(bool poll, bool quick) {
  if (!quick && poll)
    sync_flush(); // lockvet-error{{no-coroutine-call: other_parameter()}}
}

void coroutine_fn co_work(bool poll) {
  reads_setting(false);
  other_parameter(poll, false);
}
