// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The same with markers on what holds the functions: on the member, by a typedef, on the parameter.
// All silent.

#include "../Inputs/world.h"

// lockvet-silent

typedef int coroutine_fn ReadFunc(void);

struct Driver {
  int coroutine_fn (*read)(void);
  ReadFunc *read_again;
  int (*probe)(void);
};

static int coroutine_fn raw_read(void) { return co_read(); }
static int raw_probe(void) { return plain_read(); }

const struct Driver raw = {raw_read, raw_read, raw_probe};

int coroutine_fn co_each(int coroutine_fn (*fn)(void));
int coroutine_fn co_each_too(ReadFunc *fn);

int coroutine_fn co_work(void) {
  return co_each(raw_read) + co_each_too(raw_read);
}

void no_coroutine_fn start(void) {
  qemu_coroutine_enter(qemu_coroutine_create((CoroutineEntry *)raw_probe, NULL));
}
