// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// An unmarked member holds a no_coroutine_fn: a coroutine that calls through it reaches that.

#include "../Inputs/world.h"

struct ChildOps {
  void (*drained_begin)(void);
  void (*resize)(void);
};

static void no_coroutine_fn device_drained(void) {
  sync_flush();
}

static void device_resized(void) {
  plain_read();
}

const struct ChildOps device_ops = {device_drained, device_resized};

void coroutine_fn co_drain(const struct ChildOps *ops) {
  ops->drained_begin(); // lockvet-error{{no-coroutine-call: device_drained()}}
}

void coroutine_fn co_resize(const struct ChildOps *ops) { // silent
  ops->resize();
}

void no_coroutine_fn drain(const struct ChildOps *ops) { // silent
  ops->drained_begin();
}
