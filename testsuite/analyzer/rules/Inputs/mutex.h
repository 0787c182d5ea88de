// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A mutex that says what it is, for tests of what the compiler finds by itself.

#pragma once

#include <lockvet/qemu_names.h>
#include <stdbool.h>

struct TSA_CAPABILITY("mutex") Mutex {
  int locked;
};

void mutex_lock(struct Mutex *m) TSA_ACQUIRE(m);
void mutex_unlock(struct Mutex *m) TSA_RELEASE(m);
