// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The remedy: hand the blocking call to a thread and suspend. The work function runs in the thread.

#include "../Inputs/world.h"
#include <pthread.h>
#include <unistd.h>

struct Work {
  int (*fn)(void *opaque);
  void *opaque;
  int ret;
};

static struct Work queue;

static void *pool_worker(void *opaque) {
  queue.ret = queue.fn(queue.opaque);
  return opaque;
}

int coroutine_fn co_thread_pool_submit(int (*fn)(void *opaque), void *opaque) {
  pthread_t thread;
  queue.fn = fn;
  queue.opaque = opaque;
  if (pthread_create(&thread, NULL, pool_worker, NULL))
    return -1;
  co_yield_once();
  return queue.ret;
}

static int do_fsync(void *opaque) { // silent: called in the pool
  return fsync(*(int *)opaque);
}

static int do_fsync_here(void *opaque) {
  return fsync(*(int *)opaque); // lockvet-warning{{blocking-in-coroutine: do_fsync_here()}}
}

int coroutine_fn co_fsync(int fd) {
  return co_thread_pool_submit(do_fsync, &fd);
}

int coroutine_fn co_fsync_in_place(int fd) {
  return do_fsync_here(&fd);
}
