// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_WITH_GUARD: the lock is held for one block.

#include "../Inputs/guarded.h"

long after_the_block(struct Account* a) {
  LV_WITH_GUARD(mutex, &a->lock) {
    a->balance++;
  }
  return a->balance; // c-warning {{requires holding mutex '&Account::lock'}}
                     // cxx-warning@-1 {{requires holding mutex 'a->lock'}}
}

void writes_as_reader(struct Account* a) {
  LV_WITH_GUARD(rw_read, &a->log_lock) {
    a->log++; // c-warning {{requires holding rwlock '&Account::log_lock' exclusively}}
              // cxx-warning@-1 {{requires holding rwlock 'a->log_lock' exclusively}}
  }
}

void locked_again(struct Account* a) {
  LV_WITH_GUARD(mutex, &a->lock) { // expected-note {{mutex acquired here}}
    mutex_lock(&a->lock);
    // expected-warning@-1 {{acquiring mutex 'a->lock' that is already held}}
  }
}

void in_the_block(struct Account* a) {
  LV_WITH_GUARD(mutex, &a->lock) {
    a->balance++;
  }
}

void one_statement(struct Account* a) {
  LV_WITH_GUARD(mutex, &a->lock)
    a->balance++;
}

long left_by_return(struct Account* a) {
  LV_WITH_GUARD(mutex, &a->lock) {
    if (a->balance < 0)
      return 0;
    return a->balance;
  }
  return 0;
}

void left_by_break(struct Account* a) {
  LV_WITH_GUARD(mutex, &a->lock) {
    if (a->balance < 0)
      break;
    a->balance = 0;
  }
}

long in_a_loop(struct Account* a) {
  long sum = 0;
  for (int i = 0; i < 3; i++) {
    LV_WITH_GUARD(mutex, &a->lock) {
      if (a->balance == i)
        continue;
      sum += a->balance;
    }
    LV_WITH_GUARD(rw_read, &a->log_lock) {
      sum += a->log;
    }
  }
  return sum;
}

int left_by_goto(struct Account* a) {
  LV_WITH_GUARD(mutex, &a->lock) {
    if (a->balance == 1)
      goto out;
  }
  return 1;
out:
  return 0;
}

void nested(struct Account* a) {
  LV_WITH_GUARD(mutex, &a->lock) {
    LV_WITH_GUARD(rw_write, &a->log_lock) {
      a->log = a->balance;
    }
    a->balance++;
  }
}
