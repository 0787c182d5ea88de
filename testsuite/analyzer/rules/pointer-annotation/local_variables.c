// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A local pointer carries a marker like a global one, by itself or by its typedef.

#include "../Inputs/world.h"

static int coroutine_fn read_it(void) { return co_read(); }
static void no_coroutine_fn waits(void *opaque) {
  (void)opaque;
  sync_flush();
}

int coroutine_fn co_marked(void) { // silent
  int coroutine_fn (*local)(void) = read_it;
  return local();
}

int coroutine_fn co_unmarked(void) {
  int (*local)(void) = read_it; // lockvet-warning{{pointer-annotation: read_it() goes to}}
  return local();
}

void no_coroutine_fn by_typedef(void) {
  CoroutineEntry *entry = waits; // lockvet-error{{pointer-annotation: no_coroutine_fn waits()}}
  qemu_coroutine_enter(qemu_coroutine_create(entry, NULL));
}

int coroutine_fn co_static(void) { // silent
  static int coroutine_fn (*local)(void) = read_it;
  return local();
}

// One local's marker is not another's of the same name.
int coroutine_fn co_two_of_one_name(bool which) {
  if (which) {
    int coroutine_fn (*local)(void) = read_it;
    return local();
  } else {
    int (*local)(void) = read_it; // lockvet-warning{{pointer-annotation: read_it() goes to}}
    return local();
  }
}

int coroutine_fn co_table(int index) { // silent
  int coroutine_fn (*const table[])(void) = {read_it, co_flush};
  return table[index]();
}

void no_coroutine_fn calls_marked(void) {
  int coroutine_fn (*local)(void) = read_it;
  local(); // lockvet-error{{coroutine-call: calls coroutine_fn pointer local}}
}
