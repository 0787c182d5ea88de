// RUN: %tsa_c11 %s
// RUN: %tsa_cxx17 %s
// RUN: %tsa_cxx23 %s
// RUN: %tsa_c11 -D__LOCKVET__ %s
// RUN: %tsa_cxx17 -D__LOCKVET__ %s
// RUN: %gcc_c11 %s
// RUN: %gxx_cxx17 %s

// The markers stand wherever QEMU's tree has them, and no compiler has a word to say about it, also
// where a call breaks the discipline: that is the analyzer's part.

// expected-no-diagnostics

#include "../Inputs/coroutines.h"

int plain_calls_coroutine(void) {
  return co_read(0) + driver.read(0) + call(co_read, 0) + variable(0);
}
