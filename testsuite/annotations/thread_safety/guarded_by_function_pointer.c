// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_GUARDED_BY on a function pointer field: calling through it reads it, so needs the lock.

#include "../Inputs/mutex.h"

struct Mutex hooks_lock;
struct Hooks {
  int (*before)(int) LV_GUARDED_BY(hooks_lock);
  int LV_GUARDED_BY(hooks_lock) (*after)(int);
  int (*always)(int);
};

int nop(int x);
struct Hooks initialised = {nop, nop, nop};

int call_without(struct Hooks* h) {
  return h->before(1) +
  // expected-warning@-1 {{reading variable 'before' requires holding mutex 'hooks_lock'}}
         h->after(1);
         // expected-warning@-1 {{reading variable 'after' requires holding mutex 'hooks_lock'}}
}

void assign_without(struct Hooks* h) {
  h->before = nop;
  // expected-warning@-1 {{requires holding mutex 'hooks_lock' exclusively}}
}

int call_with(struct Hooks* h) {
  mutex_lock(&hooks_lock);
  int result = h->before(1) + h->after(1);
  mutex_unlock(&hooks_lock);
  return result;
}

void assign_with(struct Hooks* h) {
  mutex_lock(&hooks_lock);
  h->before = nop;
  mutex_unlock(&hooks_lock);
}

int call_unguarded(struct Hooks* h) {
  return h->always(1);
}
