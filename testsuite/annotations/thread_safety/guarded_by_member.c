// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_GUARDED_BY on a field, with the lock beside it in the same struct. C matches the lock by
// member: another object's lock passes. C++ matches it by object.

#include "../Inputs/mutex.h"

struct Account {
  struct Mutex lock;
  struct Mutex* shared_lock;
  long balance LV_GUARDED_BY(lock);
  long limit LV_GUARDED_BY(shared_lock);
  long LV_GUARDED_BY(lock) before_the_name;
};

long read_without(struct Account* a) {
  return a->balance;
  // c-warning@-1 {{reading variable 'balance' requires holding mutex '&Account::lock'}}
  // cxx-warning@-2 {{reading variable 'balance' requires holding mutex 'a->lock'}}
}

void write_without(struct Account* a) {
  a->before_the_name = 0;  // c-warning {{requires holding mutex '&Account::lock' exclusively}}
                           // cxx-warning@-1 {{requires holding mutex 'a->lock' exclusively}}
}

void pointer_without(struct Account* a) {
  a->limit = 0;
  // c-warning@-1 {{requires holding mutex '&Account::shared_lock' exclusively}}
  // cxx-warning@-2 {{writing variable 'limit' requires holding mutex 'a->shared_lock' exclusively}}
}

void the_other_lock(struct Account* a) {
  mutex_lock(a->shared_lock);
  a->balance = 0;  // c-warning {{requires holding mutex '&Account::lock' exclusively}}
                   // cxx-warning@-1 {{requires holding mutex 'a->lock' exclusively}}
  mutex_unlock(a->shared_lock);
}

void the_other_object(struct Account* a, struct Account* b) {
  mutex_lock(&b->lock);
  a->balance = 0;
  // cxx-warning@-1 {{writing variable 'balance' requires holding mutex 'a->lock' exclusively}}
  // cxx-note@-2 {{found near match 'b->lock'}}
  mutex_unlock(&b->lock);
}

long read_with(struct Account* a) {
  mutex_lock(&a->lock);
  long seen = a->balance + a->before_the_name;
  mutex_unlock(&a->lock);
  return seen;
}

void pointer_with(struct Account* a) {
  mutex_lock(a->shared_lock);
  a->limit++;
  mutex_unlock(a->shared_lock);
}

void required(struct Account* a) LV_REQUIRES(a->lock);
void required(struct Account* a) {
  a->balance++;
}

struct Account the_account;
void of_a_variable(void) {
  mutex_lock(&the_account.lock);
  the_account.balance++;
  mutex_unlock(&the_account.lock);
}

void by_another_name(struct Account* a) {
  struct Mutex* lock = &a->lock;
  mutex_lock(lock);
  a->balance++;
  mutex_unlock(&a->lock);
}
