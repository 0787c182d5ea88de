// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// `?:` is an if with a value.

#include "../Inputs/world.h"

int coroutine_mixed_fn chosen(void) { // silent
  return qemu_in_coroutine() ? co_read() : sync_read();
}

int coroutine_mixed_fn chosen_negated(void) { // silent
  int ret = !qemu_in_coroutine() ? sync_read() : co_read();
  return ret;
}

int coroutine_mixed_fn chosen_wrongly(void) {
  // lockvet-error@+1{{coroutine-call: where the code is outside coroutines}}
  return qemu_in_coroutine() ? 0 : co_read();
}

int coroutine_mixed_fn chosen_by_another(bool ready) {
  return ready ? co_read() : 0; // lockvet-error{{coroutine-call: without knowing}}
}
