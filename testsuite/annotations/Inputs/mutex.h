// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The locks of the tests: a mutex and a reader/writer lock with functions, as C has them. The tests
// own them; nothing is ever linked or run.

#ifndef LOCKVET_TEST_MUTEX_H
#define LOCKVET_TEST_MUTEX_H

#include <lockvet/thread_safety.h>

struct LV_CAPABILITY("mutex") Mutex {
  int state;
};
void mutex_lock(struct Mutex* m) LV_ACQUIRE(*m);
void mutex_unlock(struct Mutex* m) LV_RELEASE(*m);

struct LV_CAPABILITY("rwlock") RwLock {
  int state;
};
void rw_rdlock(struct RwLock* l) LV_ACQUIRE_SHARED(*l);
void rw_rdunlock(struct RwLock* l) LV_RELEASE_SHARED(*l);
void rw_wrlock(struct RwLock* l) LV_ACQUIRE(*l);
void rw_wrunlock(struct RwLock* l) LV_RELEASE(*l);

#endif  // LOCKVET_TEST_MUTEX_H
