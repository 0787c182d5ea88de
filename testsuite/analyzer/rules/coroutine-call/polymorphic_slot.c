// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// One kind of lock, two ways of waiting for it. Its functions are called from both contexts, and
// which object has which function is not in the code: nothing can be said.

#include "../Inputs/world.h"

// lockvet-silent

struct Lockable {
  void *object;
  void (*lock)(void *object);
};

static void thread_lock(void *object) {
  (void)object;
  sync_read();
}

static void coroutine_lock(void *object) {
  (void)object;
  co_yield_once();
}

struct Lockable for_threads = {NULL, thread_lock};
struct Lockable for_coroutines = {NULL, coroutine_lock};

static void lock(struct Lockable *x) {
  x->lock(x->object);
}

void coroutine_fn co_work(struct Lockable *x) {
  lock(x);
}

void no_coroutine_fn thread_work(struct Lockable *x) {
  lock(x);
}
