// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// A thread starts outside coroutines, whoever starts it.

#include "../Inputs/world.h"
#include <pthread.h>

static void *worker(void *opaque) { // lockvet-note{{worker() is handed to pthread_create(), which}}
  co_read(); // lockvet-error{{coroutine-call: worker() calls coroutine_fn co_read() and can run}}
  return opaque;
}

static void *good_worker(void *opaque) { // silent
  sync_read();
  return opaque;
}

int coroutine_fn co_start(pthread_t *thread) { // the coroutine that starts it does not lend it one
  return pthread_create(thread, NULL, worker, NULL) +
         pthread_create(thread, NULL, good_worker, NULL);
}
