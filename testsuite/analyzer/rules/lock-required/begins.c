// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// What an event loop or a new coroutine runs begins without the graph lock.

#include "../Inputs/locks.h"

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);

static int count_deep(void);

static void forgets(void *opaque) {
  (void)opaque;
  count_deep(); // lockvet-error{{lock-required: forgets() does not hold graph_lock and calls}}
}

static void takes_it(void *opaque) { // silent
  (void)opaque;
  graph_rdlock();
  count_deep();
  graph_rdunlock();
}

static void needs_none(void *opaque) { // silent
  (void)opaque;
  plain_read();
}

static void by_hand_too(void *opaque) {
  (void)opaque;
  count_deep(); // lockvet-error{{lock-required: by_hand_too() does not hold graph_lock and calls}}
}

struct Hook {
  void (*call)(void *opaque);
};
static void in_a_hook_too(void *opaque) { // silent: who calls the hook may hold the lock
  (void)opaque;
  count_deep();
}
const struct Hook hook = {in_a_hook_too};

static void coroutine_fn co_takes_it(void *opaque) { // silent
  (void)opaque;
  graph_rdlock();
  count_deep();
  graph_rdunlock();
}

void starts(void) { // silent
  qemu_coroutine_enter(qemu_coroutine_create(co_takes_it, NULL));
}

void GRAPH_RDLOCK schedules(void) { // silent
  schedule_later(forgets, NULL);
  schedule_later(takes_it, NULL);
  schedule_later(needs_none, NULL);
  schedule_later(by_hand_too, NULL);
  schedule_later(in_a_hook_too, NULL);
  by_hand_too(NULL);
}

static int count_deep(void) {
  // lockvet-warning@+1{{thread-safety-analysis: requires holding graph lock 'graph_lock'}}
  return count_children();
}
