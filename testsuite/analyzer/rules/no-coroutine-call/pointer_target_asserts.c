// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The same with a function that says nothing and asserts: several pointers away from where the
// assertion was added, a path that was harmless now aborts.

#include "../Inputs/world.h"

struct ChildOps {
  void (*attach)(void);
  void (*detach)(void);
};

static void lock_main_loop(void) {
  assert(!qemu_in_coroutine());
}

static void device_attach(void) {
  lock_main_loop(); // lockvet-error{{no-coroutine-call: device_attach() can run in a coroutine}}
}

static void device_detach(void) {
  plain_read();
}

const struct ChildOps device_ops = {device_attach, device_detach};

static void attach_child(const struct ChildOps *ops) {
  ops->attach(); // lockvet-note{{calls device_attach() through ChildOps::attach}}
}

void coroutine_fn co_open(const struct ChildOps *ops) {
  attach_child(ops);
}

void coroutine_fn co_close(const struct ChildOps *ops) { // silent
  ops->detach();
}
