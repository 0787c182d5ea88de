// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Alarm in C: the lock is inside of another member. Put it beside the data, or point to it.

// cxx-no-diagnostics

#include "../Inputs/mutex.h"

struct Inner {
  struct Mutex lock;
};
struct Outer {
  struct Inner inner;
  struct Mutex* lock;
  int nested LV_GUARDED_BY(inner.lock);
  int beside LV_GUARDED_BY(lock);
};

void with_the_lock(struct Outer* o) {
  mutex_lock(&o->inner.lock);
  o->nested++;
  // c-warning@-1 {{writing variable 'nested' requires holding mutex 'inner.lock' exclusively}}
  // c-note@-2 {{found near match 'o->inner.lock'}}
  mutex_unlock(&o->inner.lock);
}

void with_the_pointer(struct Outer* o) {
  mutex_lock(o->lock);
  o->beside++;
  mutex_unlock(o->lock);
}
