// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_DEFINE_GUARD checks the functions it is given against the guard that it makes of them.

#include "../Inputs/guarded.h"

void half_locked(struct Mutex* m);
LV_DEFINE_GUARD(lock_says_nothing, struct Mutex, half_locked, mutex_unlock)
// expected-warning@-1 {{expecting mutex 'lockvet_lock' to be held at the end of function}}
// expected-note@-2 {{mutex acquired here}}

LV_DEFINE_GUARD(modes_differ, struct RwLock, rw_wrlock, rw_rdunlock)
// expected-warning@-1 {{using shared access, expected exclusive access}}
// expected-note@-2 {{rwlock acquired here}}

// Functions that return something, as pthreads have them, do as well.
int errno_lock(struct Mutex* m) LV_ACQUIRE(*m);
int errno_unlock(struct Mutex* m) LV_RELEASE(*m);
LV_DEFINE_GUARD(with_errno, struct Mutex, errno_lock, errno_unlock)

// And macros, and types by typedef.
#define MACRO_LOCK(m) mutex_lock(m)
#define MACRO_UNLOCK(m) mutex_unlock(m)
typedef struct Mutex Lock;
LV_DEFINE_GUARD(by_macro, Lock, MACRO_LOCK, MACRO_UNLOCK)

// A project's own word.
#define MUTEX_GUARD(m) LV_GUARD(mutex, m)
#define WITH_MUTEX(m) LV_WITH_GUARD(mutex, m)

void used(struct Account* a) {
  LV_WITH_GUARD(with_errno, &a->lock) {
    a->balance++;
  }
  LV_WITH_GUARD(by_macro, &a->lock) {
    a->balance++;
  }
  WITH_MUTEX(&a->lock) {
    a->balance++;
  }
  MUTEX_GUARD(&a->lock);
  a->balance++;
}
