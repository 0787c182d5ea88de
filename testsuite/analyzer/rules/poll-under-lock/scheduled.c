// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// What is scheduled runs when the lock was given back, unless the one who schedules it waits.

#include "../Inputs/locks.h"

static void drain_later(void *opaque) {
  (void)opaque;
  drain_requests();
}

static void drain_now(void *opaque) {
  (void)opaque;
  drain_requests();
}

struct Hook {
  void (*call)(void *opaque);
};

static void drain_hook(void *opaque) {
  (void)opaque;
  drain_requests();
}

void schedules(void) { // silent
  graph_rdlock();
  schedule_later(drain_later, NULL);
  graph_rdunlock();
}

void stores(struct Hook *hook) { // silent
  graph_rdlock();
  hook->call = drain_hook;
  graph_rdunlock();
}

void runs_stored(struct Hook *hook) { // silent
  hook->call(NULL);
}

void calls_it(void) {
  graph_rdlock();
  drain_now(NULL); // lockvet-error{{poll-under-lock: calls_it() holds graph_lock shared}}
  graph_rdunlock();
}
