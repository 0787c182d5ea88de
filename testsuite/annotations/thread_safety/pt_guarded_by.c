// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_PT_GUARDED_BY guards what the pointer points to, and leaves the pointer free.

#include "../Inputs/mutex.h"

struct Mutex buffer_lock;
int* buffer LV_PT_GUARDED_BY(buffer_lock);
int* both LV_GUARDED_BY(buffer_lock) LV_PT_GUARDED_BY(buffer_lock);

struct Ring {
  struct Mutex lock;
  int* slots LV_PT_GUARDED_BY(lock);
};

int read_without(void) {
  return *buffer;
  // expected-warning@-1 {{requires holding mutex 'buffer_lock'}}
}

void write_without(void) {
  buffer[2] = 1;
  // expected-warning@-1 {{requires holding mutex 'buffer_lock' exclusively}}
}

int member_without(struct Ring* r) {
  return r->slots[0];  // c-warning {{requires holding mutex '&Ring::lock'}}
                       // cxx-warning@-1 {{requires holding mutex 'r->lock'}}
}

void pointer_of_both_without(int* other) {
  both = other;
  // expected-warning@-1 {{requires holding mutex 'buffer_lock' exclusively}}
}

void write_with(void) {
  mutex_lock(&buffer_lock);
  buffer[2] = *both;
  mutex_unlock(&buffer_lock);
}

int member_with(struct Ring* r) {
  mutex_lock(&r->lock);
  int seen = r->slots[0];
  mutex_unlock(&r->lock);
  return seen;
}

void pointer_without(int* other) {
  buffer = other;
}

int is_there(struct Ring* r) {
  return r->slots != 0;
}
