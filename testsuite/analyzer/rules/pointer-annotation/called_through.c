// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Who calls through the member cannot know: the witness names a call.

#include "../Inputs/world.h"

struct Timer {
  void (*fire)(void *opaque); // lockvet-note{{the pointer is declared here}}
};

static void coroutine_fn refill(void *opaque) { // lockvet-note{{refill() is marked coroutine_fn}}
  (void)opaque;
  co_read();
}

void arm(struct Timer *timer) {
  timer->fire = refill; // lockvet-warning{{pointer-annotation: refill() goes to Timer::fire}}
}

int main(void) {
  struct Timer timer = {NULL};
  arm(&timer);
  timer.fire(NULL); // lockvet-note{{main() calls through it}}
}
