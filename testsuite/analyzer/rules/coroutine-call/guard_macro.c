// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The predicate behind macros, as kernels and emulators write conditions.

#include "../Inputs/world.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define IN_COROUTINE() (qemu_in_coroutine() != 0)
#define RETURN_IF_NOT(condition, value)                                                            \
  do {                                                                                             \
    if (!(condition))                                                                              \
      return value;                                                                                \
  } while (0)

int coroutine_mixed_fn expected(void) { // silent
  if (likely(qemu_in_coroutine()))
    return co_read();
  return sync_read();
}

int coroutine_mixed_fn unexpected(void) { // silent
  if (unlikely(!qemu_in_coroutine()))
    return sync_read();
  return co_read();
}

int coroutine_mixed_fn renamed(void) { // silent
  return IN_COROUTINE() ? co_read() : sync_read();
}

int coroutine_mixed_fn leaves_by_macro(void) { // silent
  RETURN_IF_NOT(qemu_in_coroutine(), -1);
  return co_read();
}

int coroutine_mixed_fn leaves_by_macro_wrongly(void) {
  RETURN_IF_NOT(!qemu_in_coroutine(), -1);
  return co_read(); // lockvet-error{{coroutine-call: where the code is outside coroutines}}
}
