// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// LV_CAPABILITY makes a type something that is held, and names it in diagnostics.

#include <lockvet/thread_safety.h>

struct LV_CAPABILITY("big lock") Tagged { int state; };
typedef struct { int state; } LV_CAPABILITY("spin lock") Typedefed;
struct Plain { int state; };

void tagged_lock(struct Tagged* l) LV_ACQUIRE(*l);
void tagged_unlock(struct Tagged* l) LV_RELEASE(*l);
void typedefed_lock(Typedefed* l) LV_ACQUIRE(*l);
void typedefed_unlock(Typedefed* l) LV_RELEASE(*l);
void plain_lock(struct Plain* l);

void tagged_kept(struct Tagged* l) {
  tagged_lock(l);  // expected-note {{big lock acquired here}}
}  // expected-warning {{big lock 'l' is still held at the end of function}}

void typedef_kept(Typedefed* l) {
  typedefed_lock(l);  // expected-note {{spin lock acquired here}}
}  // expected-warning {{spin lock 'l' is still held at the end of function}}

// Not a capability, by its type: the compiler says so where it is used as one.
void plain_used(struct Plain* l)
    LV_ACQUIRE(*l);
    // expected-warning@-1 {{requires arguments whose type is annotated}}

void tagged_returned(struct Tagged* l) {
  tagged_lock(l);
  tagged_unlock(l);
}

void typedef_returned(Typedefed* l) {
  typedefed_lock(l);
  typedefed_unlock(l);
}

void plain_kept(struct Plain* l) {
  plain_lock(l);
}
