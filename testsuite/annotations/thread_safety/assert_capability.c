// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_ASSERT_CAPABILITY and LV_ASSERT_SHARED_CAPABILITY: held from the call on, and not the
// function's to give back.

#include "../Inputs/mutex.h"

void rw_assert_writer(struct RwLock* l) LV_ASSERT_CAPABILITY(*l);
void rw_assert_reader(struct RwLock* l) LV_ASSERT_SHARED_CAPABILITY(*l);

struct RwLock lock;
struct RwLock other;
int value LV_GUARDED_BY(lock);

void before_the_assertion(void) {
  value++;
  // expected-warning@-1 {{writing variable 'value' requires holding rwlock 'lock' exclusively}}
  rw_assert_writer(&lock);
}

void asserted_as_reader_only(void) {
  rw_assert_reader(&lock);
  value++;
  // expected-warning@-1 {{writing variable 'value' requires holding rwlock 'lock' exclusively}}
}

int asserted_another(void) {
  rw_assert_reader(&other);
  return value;  // expected-warning {{reading variable 'value' requires holding rwlock 'lock'}}
}

int asserted_on_one_path(int c) {
  if (c)
    rw_assert_reader(&lock);
  return value;  // expected-warning {{reading variable 'value' requires holding rwlock 'lock'}}
}

void writer(void) {
  rw_assert_writer(&lock);
  value++;
}

int reader(void) {
  rw_assert_reader(&lock);
  return value;
}

int asserted_although_required(void) LV_REQUIRES_SHARED(lock);
int asserted_although_required(void) {
  rw_assert_reader(&lock);
  return value;
}

void asserted_on_one_path_only_used_there(int c) {
  if (c) {
    rw_assert_writer(&lock);
    value = c;
  }
}
