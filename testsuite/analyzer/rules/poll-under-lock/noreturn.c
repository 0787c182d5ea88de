// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// What does not come back does not wait.

#include "../Inputs/locks.h"
#include <assert.h>
#include <stdlib.h>

static void die(void) __attribute__((noreturn));
static void die(void) {
  abort();
}

void dies_first(void) { // silent
  graph_rdlock();
  if (plain_read()) {
    die();
    drain_requests();
  }
  graph_rdunlock();
}

void exits_first(void) { // silent
  graph_rdlock();
  exit(1);
  drain_requests();
}

void asserts_first(void) {
  graph_rdlock();
  assert(plain_read());
  drain_requests(); // lockvet-error{{poll-under-lock: asserts_first() holds graph_lock shared}}
  graph_rdunlock();
}
