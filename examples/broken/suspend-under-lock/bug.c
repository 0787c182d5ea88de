// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requests of a group are let through one after another, under a mutex of the group: its disks live
// in several threads. One that must wait suspends with the mutex held. The next request of the same
// thread waits for the mutex, and with it the thread that would wake the first.

#include <lockvet/label.h>
#include <lockvet/qemu_names.h>
#include <pthread.h>

void coroutine_fn LV_LABEL("suspends") qemu_coroutine_yield(void);

struct Group {
  pthread_mutex_t lock;
  int tokens;
};

static void coroutine_fn co_wait_for_token(struct Group *group) {
  while (group->tokens == 0)
    qemu_coroutine_yield();
  group->tokens--;
}

static void coroutine_fn co_throttle(void *opaque) {
  struct Group *group = opaque;
  pthread_mutex_lock(&group->lock);
  co_wait_for_token(group);
  pthread_mutex_unlock(&group->lock);
}

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);

int main(void) {
  struct Group group = {PTHREAD_MUTEX_INITIALIZER, 0};
  qemu_coroutine_enter(qemu_coroutine_create(co_throttle, &group));
  return 0;
}
