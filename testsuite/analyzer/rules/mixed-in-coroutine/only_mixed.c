// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A function that is mixed and nothing else asks to be called by everybody.

#include "../Inputs/world.h"

// lockvet-silent

int coroutine_mixed_fn channel_write(void);
int coroutine_fn co_channel_write(void);

int coroutine_fn co_send(void) {
  return channel_write();
}
