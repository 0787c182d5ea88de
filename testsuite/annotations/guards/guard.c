// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_GUARD: the lock is held to the end of the scope, whichever way that is left.

#include "../Inputs/guarded.h"

long after_the_scope(struct Account* a) {
  {
    LV_GUARD(mutex, &a->lock);
  }
  return a->balance; // c-warning {{requires holding mutex '&Account::lock'}}
                     // cxx-warning@-1 {{requires holding mutex 'a->lock'}}
}

long before_the_guard(struct Account* a) {
  long seen = a->balance; // c-warning {{requires holding mutex '&Account::lock'}}
                          // cxx-warning@-1 {{requires holding mutex 'a->lock'}}
  LV_GUARD(mutex, &a->lock);
  return seen;
}

void locked_again(struct Account* a) {
  LV_GUARD(mutex, &a->lock); // expected-note {{mutex acquired here}}
  mutex_lock(&a->lock);      // expected-warning {{acquiring mutex 'a->lock' that is already held}}
}

// The guard releases at the end, so that a hand must not.
void released_by_hand(struct Account* a) {
  LV_GUARD(mutex, &a->lock); // expected-warning {{releasing mutex 'a->lock' that was not held}}
  mutex_unlock(&a->lock);    // expected-note {{mutex released here}}
}

void in_the_scope(struct Account* a) {
  LV_GUARD(mutex, &a->lock);
  a->balance++;
}

long early_return(struct Account* a) {
  LV_GUARD(mutex, &a->lock);
  if (a->balance < 0)
    return 0;
  return a->balance;
}

long in_a_loop(struct Account* a) {
  long sum = 0;
  while (condition()) {
    LV_GUARD(mutex, &a->lock);
    if (a->balance == 1)
      continue;
    if (a->balance == 2)
      break;
    sum += a->balance;
  }
  return sum;
}

int goto_out(struct Account* a) {
  int ret = 0;
  if (condition()) {
    LV_GUARD(mutex, &a->lock);
    if (a->balance == 1)
      goto out;
    a->balance = 1;
  }
  ret = 1;
out:
  return ret;
}

void two_in_one_scope(struct Account* a, struct Account* b) {
  LV_GUARD(mutex, &a->lock);
  LV_GUARD(mutex, &b->lock);
  a->balance += b->balance;
}

void one_inside_the_other(struct Account* a, struct Account* b) {
  LV_GUARD(mutex, &a->lock);
  if (condition()) {
    LV_GUARD(mutex, &b->lock);
    b->balance++;
  }
  a->balance++;
}

void by_another_name(struct Account* a) {
  struct Mutex* lock = &a->lock;
  LV_GUARD(mutex, lock);
  a->balance++;
}
