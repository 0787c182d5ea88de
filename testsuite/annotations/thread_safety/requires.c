// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_REQUIRES says that the caller holds the lock exclusively, and still does after the call.

#include "../Inputs/mutex.h"

struct Account {
  struct RwLock lock;
  long balance LV_GUARDED_BY(lock);
};

void add(struct Account* a, long n) LV_REQUIRES(a->lock);
void move_all(struct Account* from, struct Account* to) LV_REQUIRES(from->lock, to->lock);

void without(struct Account* a) {
  add(a, 1);
  // expected-warning@-1 {{calling function 'add' requires holding rwlock 'a->lock' exclusively}}
}

void while_reader(struct Account* a) {
  rw_rdlock(&a->lock);
  add(a, 1);
  // expected-warning@-1 {{calling function 'add' requires holding rwlock 'a->lock' exclusively}}
  rw_rdunlock(&a->lock);
}

void one_of_two(struct Account* a, struct Account* b) {
  rw_wrlock(&a->lock);
  move_all(a, b);
  // expected-warning@-1 {{requires holding rwlock 'b->lock' exclusively}}
  // expected-note@-2 {{found near match 'a->lock'}}
  rw_wrunlock(&a->lock);
}

void given_back(struct Account* a)
    LV_REQUIRES(a->lock);  // expected-note {{rwlock acquired here}}
void given_back(struct Account* a) {
  rw_wrunlock(&a->lock);
}  // expected-warning {{expecting rwlock 'a->lock' to be held at the end of function}}

// The definition, too, is bound by the declaration's contract.
void add(struct Account* a, long n) {
  a->balance += n;
}

void with(struct Account* a) {
  rw_wrlock(&a->lock);
  add(a, 1);
  add(a, 2);
  rw_wrunlock(&a->lock);
}

void both_of_two(struct Account* a, struct Account* b) {
  rw_wrlock(&a->lock);
  rw_wrlock(&b->lock);
  move_all(a, b);
  rw_wrunlock(&b->lock);
  rw_wrunlock(&a->lock);
}

void passed_on(struct Account* a) LV_REQUIRES(a->lock);
void passed_on(struct Account* a) {
  add(a, 3);
}

void let_go_for_a_while(struct Account* a) LV_REQUIRES(a->lock);
void let_go_for_a_while(struct Account* a) {
  rw_wrunlock(&a->lock);
  rw_wrlock(&a->lock);
  a->balance = 0;
}
