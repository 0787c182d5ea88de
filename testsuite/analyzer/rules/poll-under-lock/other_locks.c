// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_c %s --verify --config %S/../Inputs/locks.yaml
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// What may happen under which lock.

#include "../Inputs/locks.h"

struct World {
  struct CoMutex co;
  struct SpinLock spin;
  struct RecMutex rec;
  struct RwLock rw;
};

void coroutine_fn co_waits(struct World *world) {
  co_mutex_lock(&world->co);
  run_event_loop(); // lockvet-error{{poll-under-lock: co_waits() holds World::co}}
  co_mutex_unlock(&world->co);
}

void spins(struct World *world) {
  spin_lock(&world->spin);
  run_event_loop(); // lockvet-error{{poll-under-lock: spins() holds World::spin}}
  spin_unlock(&world->spin);
}

void twice(struct World *world) {
  rec_lock(&world->rec);
  rec_lock(&world->rec);
  rec_unlock(&world->rec);
  run_event_loop(); // lockvet-error{{poll-under-lock: twice() holds World::rec}}
  rec_unlock(&world->rec);
}

void reads(struct World *world) {
  rw_rdlock(&world->rw);
  run_event_loop(); // lockvet-warning{{poll-under-lock: reads() holds World::rw shared}}
  rw_rdunlock(&world->rw);
}

void in_the_main_loop(void) { // silent: `allows: [poll]`
  big_lock();
  run_event_loop();
  drain_requests();
  big_unlock();
}

void as_often_as_taken(struct World *world) { // silent
  rec_lock(&world->rec);
  rec_lock(&world->rec);
  rec_unlock(&world->rec);
  rec_unlock(&world->rec);
  run_event_loop();
}

void after_reading(struct World *world) { // silent
  rw_rdlock(&world->rw);
  rw_rdunlock(&world->rw);
  run_event_loop();
}
