// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A thread that a coroutine starts is not in that coroutine.

#include "../Inputs/world.h"
#include <pthread.h>

static void *worker(void *opaque) { // silent
  sync_flush();
  return opaque;
}

static void *not_a_worker(void *opaque) { // the same function, called instead of handed over
  sync_flush(); // lockvet-note{{calls sync_flush()}}
  return opaque;
}

void coroutine_fn co_start(pthread_t *thread) {
  pthread_create(thread, NULL, worker, NULL);
  not_a_worker(NULL); // lockvet-error{{no-coroutine-call: co_start() calls not_a_worker()}}
}
