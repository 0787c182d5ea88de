// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Ways to write a guard that only C++ has.

#include "../Inputs/world.h"

int coroutine_mixed_fn with_initialiser() { // silent
  if (bool in_co = qemu_in_coroutine(); in_co)
    return co_read();
  return sync_read();
}

int coroutine_mixed_fn declared_in_condition() { // silent
  if (bool in_co = qemu_in_coroutine())
    return co_read();
  return sync_read();
}

int coroutine_mixed_fn spelled_out() { // silent
  if (not qemu_in_coroutine())
    return sync_read();
  return co_read();
}

int coroutine_mixed_fn cast_to_bool() { // silent
  return static_cast<bool>(qemu_in_coroutine()) ? co_read() : sync_read();
}

int coroutine_mixed_fn throws() { // silent
  if (!qemu_in_coroutine())
    throw 1;
  return co_read();
}

int coroutine_mixed_fn throws_and_catches() {
  try {
    if (!qemu_in_coroutine())
      throw 1;
    co_flush(); // silent
  } catch (int) {
  }
  return co_read(); // lockvet-error{{coroutine-call: without knowing}}
}
