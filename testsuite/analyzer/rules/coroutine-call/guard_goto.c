// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// `goto out` is an early return by another name: what matters is what the label skips.

#include "../Inputs/world.h"

int coroutine_mixed_fn jumps_over(void) { // silent: only coroutines do not jump
  int ret = -1;
  if (!qemu_in_coroutine())
    goto out;
  ret = co_read();
out:
  plain_read();
  return ret;
}

int coroutine_mixed_fn jumps_to_it(void) {
  int ret = -1;
  if (!qemu_in_coroutine())
    goto out;
  plain_read();
out:
  // lockvet-error@+1{{coroutine-call: without knowing that it is in a coroutine}}
  ret = co_flush();
  return ret;
}

int coroutine_mixed_fn jumps_back(void) { // silent: the loop by hand is entered in coroutines only
  int tries = 0;
  if (!qemu_in_coroutine())
    return sync_read();
again:
  if (co_read() < 0 && ++tries < 3)
    goto again;
  return 0;
}
