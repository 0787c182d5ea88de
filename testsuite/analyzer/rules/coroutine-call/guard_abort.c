// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The other branch does not return: by abort(), by a noreturn function, by an endless loop.

#include "../Inputs/world.h"
#include <stdlib.h>

__attribute__((noreturn)) void die(const char *why);

int coroutine_mixed_fn aborts(void) { // silent
  if (!qemu_in_coroutine())
    abort();
  return co_read();
}

int coroutine_mixed_fn dies(void) { // silent
  if (!qemu_in_coroutine()) {
    plain_read();
    die("not in a coroutine");
  }
  return co_read();
}

int coroutine_mixed_fn unreachable(void) { // silent
  if (!qemu_in_coroutine())
    __builtin_unreachable();
  return co_read();
}

int coroutine_mixed_fn stays(void) { // silent
  if (!qemu_in_coroutine())
    for (;;)
      plain_read();
  return co_read();
}

void complain(const char *why);

int coroutine_mixed_fn complains_and_goes_on(void) {
  if (!qemu_in_coroutine())
    complain("not in a coroutine");
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}
