// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// One function takes the lock, another one gives it back.

#include "../Inputs/locks.h"

static struct Mutex list_lock;

static void enter(void) { mutex_lock(&list_lock); }
static void leave(void) { mutex_unlock(&list_lock); }

void waits(void) {
  enter(); // lockvet-note{{takes list_lock with enter()}}
  plain_read();
  drain_requests(); // lockvet-error{{poll-under-lock: waits() holds list_lock exclusively}}
  leave();
}

void waits_behind(void) { // silent
  enter();
  plain_read();
  leave();
  drain_requests();
}

static void leave_and_drain(void) { // silent: gives it back first
  mutex_unlock(&list_lock);
  drain_requests();
}

void hands_it_over(void) { // silent
  mutex_lock(&list_lock);
  plain_read();
  leave_and_drain();
}

static void drain_and_leave(void) {
  drain_requests(); // lockvet-note{{calls drain_requests(), which waits until requests are done}}
  mutex_unlock(&list_lock);
}

void hands_it_over_late(void) {
  mutex_lock(&list_lock);
  plain_read();
  drain_and_leave(); // lockvet-error{{poll-under-lock: hands_it_over_late() holds list_lock exclu}}
}
