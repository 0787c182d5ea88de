// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// Called from both contexts, with a function for each: which object has which function is not in
// the code, so that nothing is said unless asked for.

#include "../Inputs/world.h"

// lockvet-silent

struct Waiter {
  void (*wait)(void);
};

static void wait_in_coroutine(void) {
  co_yield_once();
}

static void wait_by_polling(void) {
  sync_flush();
}

const struct Waiter for_coroutines = {wait_in_coroutine};
const struct Waiter for_others = {wait_by_polling};

static void wait_for_it(const struct Waiter *waiter) {
  waiter->wait();
}

void coroutine_fn co_work(void) {
  wait_for_it(&for_coroutines);
}

void no_coroutine_fn work(void) {
  wait_for_it(&for_others);
}
