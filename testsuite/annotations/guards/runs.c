// RUN: %clang -x c -std=c11 -I%annotations -Wall -Wextra -Werror -fsanitize=undefined \
// RUN:   %s -o %t.clang
// RUN: %t.clang | FileCheck %s
// RUN: %clangxx -x c++ -std=c++17 -I%annotations -Wall -Wextra -Werror %s -o %t.clangxx
// RUN: %t.clangxx | FileCheck %s

// What a guard does when it runs: every way out of a scope gives the lock back, once, and the
// innermost first.

#include <stdio.h>

#include "../Inputs/guarded.h"

void LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") mutex_lock(struct Mutex* m) {
  printf("+%d ", m->state);
}
void LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") mutex_unlock(struct Mutex* m) {
  printf("-%d ", m->state);
}
void LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") rw_rdlock(struct RwLock* l) {
  printf("r%d ", l->state);
}
void LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock") rw_rdunlock(struct RwLock* l) {
  printf("u%d ", l->state);
}
void rw_wrlock(struct RwLock* l) LV_NO_THREAD_SAFETY_ANALYSIS("not called") {
  (void)l;
}
void rw_wrunlock(struct RwLock* l) LV_NO_THREAD_SAFETY_ANALYSIS("not called") {
  (void)l;
}

static struct Mutex one = {1};
static struct Mutex two = {2};
static struct RwLock three = {3};

static int by_return(int how) {
  LV_GUARD(mutex, &one);
  LV_WITH_GUARD(mutex, &two) {
    if (how == 0)
      return 0;
    if (how == 1)
      break;
    LV_WITH_GUARD(rw_read, &three) {
      printf("body ");
    }
  }
  printf("tail ");
  return how;
}

int main(void) {
  // CHECK: 0: +1 +2 -2 -1 end
  // CHECK: 1: +1 +2 -2 tail -1 end
  // CHECK: 2: +1 +2 r3 body u3 -2 tail -1 end
  for (int how = 0; how < 3; how++) {
    printf("%d: ", how);
    by_return(how);
    printf("end\n");
  }
  // CHECK: loop: +1 0 -1 +1 -1 +1 2 -1 end
  printf("loop: ");
  for (int i = 0; i < 3; i++) {
    LV_GUARD(mutex, &one);
    if (i == 1)
      continue;
    printf("%d ", i);
  }
  printf("end\n");
  return 0;
}
