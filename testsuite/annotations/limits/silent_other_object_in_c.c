// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Silent in C: a field's lock is matched by member and not by object. C++ sees it.

// c-no-diagnostics

#include "../Inputs/mutex.h"

struct Account {
  struct Mutex lock;
  long balance LV_GUARDED_BY(lock);
};

void the_other_account(struct Account* a, struct Account* b) {
  mutex_lock(&b->lock);
  a->balance++;
  // cxx-warning@-1 {{writing variable 'balance' requires holding mutex 'a->lock' exclusively}}
  // cxx-note@-2 {{found near match 'b->lock'}}
  mutex_unlock(&b->lock);
}

void this_account(struct Account* a) {
  mutex_lock(&a->lock);
  a->balance++;
  mutex_unlock(&a->lock);
}
