// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The graph lock: while it is held, the nodes and edges of the graph stay as they are. Readers are
// coroutines in any context, which pay almost nothing, and code of the main loop, which pays
// nothing. The writer is the main loop outside of coroutines. It is one for the program; contracts
// name it by the markers of <lockvet/graph_lock.h>.
//
// While a writer waits nobody else comes in, so that it does not starve; who has come meanwhile is
// let in before the next writer. Hence a coroutine that holds the lock does not take it once more:
// it would wait for a writer that waits for it. Checked builds find that.

#ifndef LOCKVET_RUNTIME_GRAPH_GRAPH_LOCK_H
#define LOCKVET_RUNTIME_GRAPH_GRAPH_LOCK_H

#include "runtime/graph/gate.h"

namespace lockvet::runtime {

class GraphLock {
public:
  using Place = Coroutine::Place;

  // --- by coroutines, in any context ---

  static void LV_COROUTINE_FN LV_LABEL("suspends") co_rdlock(Place place = Place::current())
      LV_ACQUIRE_SHARED(graph_lock);
  static void LV_COROUTINE_FN co_rdunlock(Place place = Place::current())
      LV_RELEASE_SHARED(graph_lock);

  // --- by the main loop ---

  // For the analysis. Whoever holds it so does not poll.
  static void main_rdlock() LV_MAIN_LOOP LV_ACQUIRE_SHARED(graph_lock);
  static void main_rdunlock() LV_MAIN_LOOP LV_RELEASE_SHARED(graph_lock);

  // Runs the main loop until the last reader has left. A callback that runs meanwhile may wait for
  // readers or take the lock for writing, too: this one then steps back, and has its turn later.
  static void LV_NO_COROUTINE_FN LV_LABEL("polls")
      wrlock(Place place = Place::current()) LV_MAIN_LOOP LV_ACQUIRE(graph_lock);
  static void LV_NO_COROUTINE_FN wrunlock(Place place = Place::current()) LV_MAIN_LOOP
      LV_RELEASE(graph_lock);

  // Checked builds find a poll under it.
  static void assert_unlocked(Place place = Place::current()) LV_MAIN_LOOP LV_GRAPH_UNLOCKED;

private:
  static Gate gate_;
};

#if !LOCKVET_RUNTIME_CHECKS
inline void GraphLock::co_rdlock(Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a gate") {
  gate_.co_enter(place);
}

inline void GraphLock::co_rdunlock(Place)
    LV_NO_THREAD_SAFETY_ANALYSIS("implements the lock with a gate") {
  gate_.leave();
}
#endif

// --- guards, each to the end of its scope --------------------------------------------------------
//
// Those of the main loop can't demand its role, since the analysis takes what the constructor of a
// guard demands for what the guard gives back. They assert it.

// A coroutine reads, and may suspend meanwhile.
class [[nodiscard]] LV_SCOPED_CAPABILITY CoGraphReadLock {
public:
  explicit LV_COROUTINE_FN CoGraphReadLock(GraphLock::Place place = GraphLock::Place::current())
      LV_ACQUIRE_SHARED(graph_lock) {
    GraphLock::co_rdlock(place);
  }
  LV_COROUTINE_FN ~CoGraphReadLock() LV_RELEASE() { GraphLock::co_rdunlock(); }

  CoGraphReadLock(const CoGraphReadLock&) = delete;
  CoGraphReadLock& operator=(const CoGraphReadLock&) = delete;
};

// A coroutine lets go of the lock while it waits for something that has nothing to do with the
// graph, such as a device, so that no writer waits for that. What keeps the nodes of its request
// where they are meanwhile is that the request is in flight: edges change in drained sections only.
class [[nodiscard]] LV_SCOPED_CAPABILITY CoGraphReadPause {
public:
  explicit LV_COROUTINE_FN CoGraphReadPause() LV_RELEASE_SHARED(graph_lock) {
    GraphLock::co_rdunlock();
  }
  LV_COROUTINE_FN ~CoGraphReadPause() LV_RELEASE() { GraphLock::co_rdlock(); }

  CoGraphReadPause(const CoGraphReadPause&) = delete;
  CoGraphReadPause& operator=(const CoGraphReadPause&) = delete;
};

// The main loop reads, and does not poll meanwhile.
class [[nodiscard]] LV_SCOPED_CAPABILITY MainGraphReadLock {
public:
  MainGraphReadLock() LV_ACQUIRE_SHARED(graph_lock) {
    MainLoop::assert_here();
    GraphLock::main_rdlock();
  }
  ~MainGraphReadLock() LV_RELEASE() {
    MainLoop::assert_here();
    GraphLock::main_rdunlock();
  }

  MainGraphReadLock(const MainGraphReadLock&) = delete;
  MainGraphReadLock& operator=(const MainGraphReadLock&) = delete;
};

// The main loop writes.
class [[nodiscard]] LV_SCOPED_CAPABILITY GraphWriteLock {
public:
  explicit LV_NO_COROUTINE_FN GraphWriteLock(GraphLock::Place place = GraphLock::Place::current())
      LV_ACQUIRE(graph_lock) {
    MainLoop::assert_here();
    GraphLock::wrlock(place);
  }
  LV_NO_COROUTINE_FN ~GraphWriteLock() LV_RELEASE() {
    MainLoop::assert_here();
    GraphLock::wrunlock();
  }

  GraphWriteLock(const GraphWriteLock&) = delete;
  GraphWriteLock& operator=(const GraphWriteLock&) = delete;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_GRAPH_LOCK_H
