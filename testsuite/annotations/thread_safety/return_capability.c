// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_RETURN_CAPABILITY: locking what the function returns is locking what it names.

#include "../Inputs/mutex.h"

struct Account {
  struct Mutex lock;
  long balance LV_GUARDED_BY(lock);
};

struct Mutex* account_lock(struct Account* a) LV_RETURN_CAPABILITY(a->lock);
struct Mutex* account_lock_unsaid(struct Account* a);

void unsaid(struct Account* a) {
  mutex_lock(account_lock_unsaid(a));
  a->balance++;  // c-warning {{requires holding mutex '&Account::lock' exclusively}}
                 // cxx-warning@-1 {{requires holding mutex 'a->lock' exclusively}}
  mutex_unlock(account_lock_unsaid(a));
}

void kept(struct Account* a) {
  mutex_lock(account_lock(a));  // expected-note {{mutex acquired here}}
}  // expected-warning {{mutex 'a->lock' is still held at the end of function}}

void said(struct Account* a) {
  mutex_lock(account_lock(a));
  a->balance++;
  mutex_unlock(account_lock(a));
}

void by_either_name(struct Account* a) {
  mutex_lock(&a->lock);
  a->balance++;
  mutex_unlock(account_lock(a));
}
