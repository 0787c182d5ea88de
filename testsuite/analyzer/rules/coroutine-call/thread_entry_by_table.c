// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify
// RUN: %check_cpp %s --verify
//
// The thread's function comes from a table and through a helper.

#include "../Inputs/world.h"
#include <pthread.h>

struct Service {
  const char *name;
  void *(*run)(void *opaque);
};

static void *serve(void *opaque) {
  co_read(); // lockvet-error{{coroutine-call: serve() calls coroutine_fn co_read() and can run}}
  return opaque;
}

static void *serve_well(void *opaque) { // silent
  plain_read();
  return opaque;
}

static const struct Service services[] = {{"nbd", serve}, {"vnc", serve_well}};

static void launch(const struct Service *service) {
  pthread_t thread;
  pthread_create(&thread, NULL, service->run, NULL);
}

void launch_all(void) {
  for (int i = 0; i < 2; i++)
    launch(&services[i]);
}
