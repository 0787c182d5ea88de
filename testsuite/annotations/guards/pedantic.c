// RUN: %clang -x c -std=c11 -I%annotations -Wall -Wextra -Wpedantic -Wshadow -Wthread-safety \
// RUN:   -Wthread-safety-beta -Werror -O2 -c -o %t.o %s
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -Wall -Wextra -Wpedantic -Wshadow \
// RUN:   -Wold-style-cast -Wzero-as-null-pointer-constant -Wthread-safety -Wthread-safety-beta \
// RUN:   -Werror -O2 -c -o %t.o %s
// RUN: %gcc_c11 -Wpedantic -Wshadow %s
// RUN: %gxx_cxx17 -Wpedantic -Wshadow -Wold-style-cast -Wzero-as-null-pointer-constant %s

// Strict projects can use guards too.

#include "../Inputs/guarded.h"

long sum(struct Account* a) {
  long result;
  LV_WITH_GUARD(mutex, &a->lock) {
    LV_WITH_GUARD(rw_read, &a->log_lock) {
      LV_GUARD(mutex, &a[1].lock);
      result = a->balance + a->log + a[1].balance;
      return result;
    }
  }
  return 0;
}
