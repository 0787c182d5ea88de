// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_ACQUIRED_BEFORE and LV_ACQUIRED_AFTER: the order of locks, checked by -Wthread-safety-beta.

#include "../Inputs/mutex.h"

struct Mutex table;
struct Mutex entry LV_ACQUIRED_AFTER(table);
struct Mutex stats;
struct Mutex log_lock;
struct Mutex output LV_ACQUIRED_BEFORE(stats, log_lock);

struct Node {
  struct Mutex outer;
  struct Mutex inner LV_ACQUIRED_AFTER(outer);
};

void after_turned_round(void) {
  mutex_lock(&entry);
  mutex_lock(&table);  // expected-warning {{mutex 'table' must be acquired before 'entry'}}
  mutex_unlock(&table);
  mutex_unlock(&entry);
}

void before_turned_round(void) {
  mutex_lock(&log_lock);
  mutex_lock(&output);  // expected-warning {{mutex 'output' must be acquired before 'log_lock'}}
  mutex_unlock(&output);
  mutex_unlock(&log_lock);
}

void members_turned_round(struct Node* n) {
  mutex_lock(&n->inner);
  mutex_lock(&n->outer);  // expected-warning {{mutex 'outer' must be acquired before 'inner'}}
  mutex_unlock(&n->outer);
  mutex_unlock(&n->inner);
}

void in_order(struct Node* n) {
  mutex_lock(&table);
  mutex_lock(&entry);
  mutex_lock(&output);
  mutex_lock(&stats);
  mutex_lock(&n->outer);
  mutex_lock(&n->inner);
  mutex_unlock(&n->inner);
  mutex_unlock(&n->outer);
  mutex_unlock(&stats);
  mutex_unlock(&output);
  mutex_unlock(&entry);
  mutex_unlock(&table);
}

void one_after_the_other(void) {
  mutex_lock(&entry);
  mutex_unlock(&entry);
  mutex_lock(&table);
  mutex_unlock(&table);
}

void without_an_order(void) {
  mutex_lock(&stats);
  mutex_lock(&table);
  mutex_unlock(&table);
  mutex_unlock(&stats);
}

// The order of release is free.
void released_in_any_order(void) {
  mutex_lock(&table);
  mutex_lock(&entry);
  mutex_unlock(&table);
  mutex_unlock(&entry);
}
