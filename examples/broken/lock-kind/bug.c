// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A table of clusters is protected by a coroutine's lock, since coroutines suspend while they hold
// it. Then a timer started to look at the table as well. A timer runs in the event loop: if it
// finds the lock taken, there is nothing that it could suspend. The library does not say that this
// lock is for coroutines only; the configuration of these examples does.

#include <lockvet/qemu_names.h>

struct CoMutex {
  void *owner;
};
void co_mutex_lock(struct CoMutex *mutex);
void co_mutex_unlock(struct CoMutex *mutex);
void coroutine_fn co_write_table(void);

struct Coroutine;
typedef void coroutine_fn CoroutineEntry(void *opaque);
struct Coroutine *qemu_coroutine_create(CoroutineEntry *entry, void *opaque);
void qemu_coroutine_enter(struct Coroutine *co);
void timer_add(void no_coroutine_fn (*callback)(void *opaque), void *opaque);

static struct CoMutex table_lock;
static int dirty;

static void flush_table(void) {
  co_mutex_lock(&table_lock);
  dirty = 0;
  co_mutex_unlock(&table_lock);
}

static void coroutine_fn co_update(void *opaque) {
  (void)opaque;
  co_mutex_lock(&table_lock);
  co_write_table();
  dirty++;
  co_mutex_unlock(&table_lock);
  if (dirty > 16)
    flush_table();
}

static void no_coroutine_fn timer_expired(void *opaque) {
  (void)opaque;
  flush_table();
}

int main(void) {
  timer_add(timer_expired, 0);
  qemu_coroutine_enter(qemu_coroutine_create(co_update, 0));
  return 0;
}
