// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Guards over the tests' locks, and an account to guard.

#ifndef LOCKVET_TEST_GUARDED_H
#define LOCKVET_TEST_GUARDED_H

#include "mutex.h"

#include <lockvet/guards.h>

LV_DEFINE_GUARD(mutex, struct Mutex, mutex_lock, mutex_unlock)
LV_DEFINE_GUARD(rw_write, struct RwLock, rw_wrlock, rw_wrunlock)
LV_DEFINE_SHARED_GUARD(rw_read, struct RwLock, rw_rdlock, rw_rdunlock)

struct Account {
  struct Mutex lock;
  long balance LV_GUARDED_BY(lock);
  struct RwLock log_lock;
  long log LV_GUARDED_BY(log_lock);
};

int condition(void);

#endif // LOCKVET_TEST_GUARDED_H
