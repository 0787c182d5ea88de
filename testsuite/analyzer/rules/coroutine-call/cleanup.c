// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
//
// A cleanup attribute calls its function where the variable goes out of scope.

#include "../Inputs/world.h"

struct Guard {
  void *lock;
};
void coroutine_fn co_unlock(struct Guard *guard);
void plain_unlock(struct Guard *guard);

#define CO_GUARD __attribute__((cleanup(co_unlock))) struct Guard
#define PLAIN_GUARD __attribute__((cleanup(plain_unlock))) struct Guard

int coroutine_fn co_work(void) { // silent
  CO_GUARD guard = {NULL};
  return guard.lock != NULL;
}

int no_coroutine_fn outside(void) { // silent
  PLAIN_GUARD guard = {NULL};
  return guard.lock != NULL;
}

int no_coroutine_fn outside_with_the_wrong_one(void) {
  CO_GUARD guard = {NULL}; // lockvet-error{{coroutine-call: calls coroutine_fn co_unlock()}}
  return guard.lock != NULL;
}

int coroutine_mixed_fn guarded(void) { // silent: the scope is left in a coroutine only
  if (qemu_in_coroutine()) {
    CO_GUARD guard = {NULL};
    return guard.lock != NULL;
  }
  return 0;
}
