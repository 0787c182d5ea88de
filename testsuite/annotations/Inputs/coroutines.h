// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every place where a coroutine marker can stand, for the tests that look at what compilers and the
// analyzer make of it.

#ifndef LOCKVET_TEST_COROUTINES_H
#define LOCKVET_TEST_COROUTINES_H

#include <lockvet/coroutine.h>

static int LV_COROUTINE_FN co_read(void* opaque) {
  return opaque != 0;
}
int LV_COROUTINE_MIXED_FN either(void* opaque);
int LV_NO_COROUTINE_FN LV_COROUTINE_MIXED_FN has_a_twin(void* opaque);
static inline int LV_NO_COROUTINE_FN sync_read(void* opaque) {
  return has_a_twin(opaque);
}

struct Driver {
  int LV_COROUTINE_FN (*read)(void* opaque);
  int LV_NO_COROUTINE_FN (*sync_read)(void* opaque);
  int (*unmarked)(void* opaque);
};

typedef void LV_COROUTINE_FN CoroutineEntry(void* opaque);

int call(int LV_COROUTINE_FN (*callback)(void* opaque), void* opaque);
void enter(CoroutineEntry* entry, void* opaque);

struct Driver driver = {co_read, sync_read, either};

int LV_COROUTINE_FN (*variable)(void* opaque) = co_read;

#endif // LOCKVET_TEST_COROUTINES_H
