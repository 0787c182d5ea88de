// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Under which locks a coroutine may suspend.

#include "../Inputs/locks.h"

struct World {
  struct Mutex mutex;
  struct SpinLock spin;
  struct RwLock rw;
  struct CoMutex co;
};

void coroutine_fn co_mutex(struct World *world) {
  mutex_lock(&world->mutex); // lockvet-note{{takes World::mutex with mutex_lock()}}
  co_yield_once(); // lockvet-error{{suspend-under-lock: co_mutex() holds World::mutex, a thread's}}
  mutex_unlock(&world->mutex);
}

void coroutine_fn co_spin(struct World *world) {
  spin_lock(&world->spin);
  co_yield_once(); // lockvet-error{{suspend-under-lock: co_spin() holds World::spin, under which}}
  spin_unlock(&world->spin);
}

void coroutine_fn co_reads(struct World *world) {
  rw_rdlock(&world->rw);
  co_yield_once(); // lockvet-error{{suspend-under-lock: co_reads() holds World::rw, a thread's lo}}
  rw_rdunlock(&world->rw);
}

void coroutine_fn co_own(struct World *world) { // silent: a coroutine's lock
  co_mutex_lock(&world->co);
  co_yield_once();
  co_mutex_unlock(&world->co);
}

void coroutine_fn co_graph(void) { // silent: the graph lock is for coroutines
  graph_rdlock();
  co_yield_once();
  graph_rdunlock();
}

void coroutine_fn co_big(void) { // silent: `allows: [suspend]`
  big_lock();
  co_yield_once();
  big_unlock();
}

void coroutine_fn co_before(struct World *world) { // silent
  mutex_lock(&world->mutex);
  mutex_unlock(&world->mutex);
  co_yield_once();
}
