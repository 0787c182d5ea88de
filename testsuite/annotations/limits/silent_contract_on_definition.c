// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// Silent: a contract on the definition only, after the call. Files that see the header alone are
// never told. Lockvet: annotation-mismatch.

// expected-no-diagnostics

#include "../Inputs/mutex.h"

struct Mutex m;
void in_the_header(void);

void caller(void) {
  in_the_header();
}

void LV_REQUIRES(m) in_the_header(void) {
}
