// RUN: %tsa_c11 -fexperimental-late-parse-attributes %s
// RUN: %tsa_cxx17 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// With -fexperimental-late-parse-attributes, C too may declare the lock below what it guards, if
// LV_GUARDED_BY stands after the field's name.

#include "../Inputs/mutex.h"

struct Account {
  long balance LV_GUARDED_BY(lock);
  struct Mutex lock;
};

void without(struct Account* a) {
  a->balance++; // c-warning {{requires holding mutex '&Account::lock' exclusively}}
                // cxx-warning@-1 {{requires holding mutex 'a->lock' exclusively}}
}

void with(struct Account* a) {
  mutex_lock(&a->lock);
  a->balance++;
  mutex_unlock(&a->lock);
}
