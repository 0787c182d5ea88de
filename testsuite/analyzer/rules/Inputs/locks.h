// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The world that the tests of the lock rules live in: a graph lock with attributes, locks that only
// locks.yaml speaks of, so that the compiler is silent about them, and functions that wait. Nothing
// here has a body, so nothing here is ever found.

#pragma once

#include <lockvet/qemu_names.h>
#include <stdbool.h>
#include <stddef.h>

// The graph lock.
void graph_rdlock(void) TSA_ACQUIRE_SHARED(graph_lock);
void graph_rdunlock(void) TSA_RELEASE_SHARED(graph_lock);
void graph_wrlock(void) TSA_ACQUIRE(graph_lock);
void graph_wrunlock(void) TSA_RELEASE(graph_lock);
void graph_assert_reader(void) TSA_ASSERT_SHARED(graph_lock);
int GRAPH_RDLOCK count_children(void);
int GRAPH_WRLOCK attach_child(void);
int GRAPH_UNLOCKED close_graph(void);

// A thread's lock, and what is like one.
struct Mutex {
  int state;
};
void mutex_lock(struct Mutex *m);
bool mutex_trylock(struct Mutex *m);
int mutex_lock_or_error(struct Mutex *m);
void mutex_unlock(struct Mutex *m);
void mutex_assert_held(struct Mutex *m);
bool mutex_is_held(struct Mutex *m);

struct RecMutex {
  int depth;
};
void rec_lock(struct RecMutex *m);
void rec_unlock(struct RecMutex *m);

struct SpinLock {
  int state;
};
void spin_lock(struct SpinLock *s);
void spin_unlock(struct SpinLock *s);

struct RwLock {
  int readers;
};
void rw_rdlock(struct RwLock *l);
void rw_wrlock(struct RwLock *l);
void rw_rdunlock(struct RwLock *l);
void rw_wrunlock(struct RwLock *l);
void rw_upgrade(struct RwLock *l);
void rw_downgrade(struct RwLock *l);

// A coroutine's lock.
struct CoMutex {
  int state;
};
void coroutine_fn co_mutex_lock(struct CoMutex *m);
void coroutine_fn co_mutex_unlock(struct CoMutex *m);

// The lock of the main loop, under which all may happen.
void big_lock(void);
void big_unlock(void);

// What waits.
void run_event_loop(void);
void drain_requests(void);
void coroutine_fn co_yield_once(void);

// What does not.
int plain_read(void);
void schedule_later(void (*callback)(void *opaque), void *opaque);
void schedule_and_wait(void (*callback)(void *opaque), void *opaque);
