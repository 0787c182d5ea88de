// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --rule no-coroutine-call --check-arg=--guesses
// RUN: %check_cpp %s --verify --rule no-coroutine-call --check-arg=--guesses
//
// The same on request, as a guess: through this pointer a coroutine may come to the function that
// polls, and code outside to the one that suspends.

#include "../Inputs/world.h"

struct Waiter {
  void (*wait)(void);
};

static void wait_in_coroutine(void) {
  co_yield_once();
}

static void wait_by_polling(void) {
  sync_flush(); // lockvet-error{{no-coroutine-call: wait_by_polling() can run in a coroutine}}
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
