// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A variable that held the answer and was then given another value says nothing any more.

#include "../Inputs/world.h"

void set_by_address(bool *flag);

int coroutine_mixed_fn overwritten(bool force) {
  bool in_co = qemu_in_coroutine();
  in_co = force;
  if (in_co)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn overwritten_on_one_way(bool force) {
  bool in_co = qemu_in_coroutine();
  if (force)
    in_co = true;
  if (in_co)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn changed_elsewhere(void) {
  bool in_co = qemu_in_coroutine();
  set_by_address(&in_co);
  if (in_co)
    return co_read(); // lockvet-error{{coroutine-call: without knowing}}
  return 0;
}

int coroutine_mixed_fn cleared_on_one_way(bool lazy) { // silent: true still means the answer
  bool in_co = qemu_in_coroutine();
  if (lazy)
    in_co = false;
  if (in_co)
    return co_read();
  return 0;
}
