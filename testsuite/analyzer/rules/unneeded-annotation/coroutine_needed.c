// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule unneeded-annotation
// RUN: %check_cpp %s --verify --rule unneeded-annotation
//
// Somebody needs each of these to be a coroutine_fn: what it calls, at any depth, the pointer that
// it goes into, or what it asserts. Of a call of something unknown nothing is said.

#include "../Inputs/world.h"

// lockvet-silent

static int count;

int coroutine_fn co_calls(void) { return co_read(); }

static int unmarked(void) { return co_read(); }
int coroutine_fn co_calls_deeply(void) { return unmarked(); }

int coroutine_mixed_fn any_read(void);
int coroutine_fn co_calls_mixed(void) { return any_read(); }

struct Driver {
  int coroutine_fn (*co_count)(void);
};
static int coroutine_fn driver_count(void) { return count; }
const struct Driver driver = {driver_count};

static void coroutine_fn entry(void *opaque) { (void)opaque; }
void starts(void) { qemu_coroutine_enter(qemu_coroutine_create(entry, NULL)); }

int coroutine_fn co_calls_pointer(const struct Driver *through) { return through->co_count(); }

int coroutine_fn co_calls_unknown(int (*what)(void)) { return what(); }

int coroutine_fn co_asserts(void) {
  assert(qemu_in_coroutine());
  return count;
}

int coroutine_mixed_fn any_count(void) { return count; }

int coroutine_fn declared_only(void);
