// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a driver's request takes a coroutine lock: while it waits for that, it lets go of the graph
// lock. Who has the lock may let go of the graph lock, too, while it waits for a device, and then
// does not get it back before a writer; which in turn waits for all readers, so that a reader who
// waits for that lock would stop all three. The locks belong to drivers.

#ifndef LOCKVET_RUNTIME_GRAPH_PAUSED_LOCK_H
#define LOCKVET_RUNTIME_GRAPH_PAUSED_LOCK_H

#include "runtime/coroutine/co_mutex.h"
#include "runtime/coroutine/co_rw_lock.h"
#include "runtime/coroutine/range_lock.h"
#include "runtime/graph/graph_lock.h"

namespace lockvet::runtime {

inline void LV_COROUTINE_FN lock_paused(CoMutex& mutex) LV_ACQUIRE(mutex) LV_GRAPH_RDLOCK {
  if (mutex.try_lock())
    return;
  const CoGraphReadPause pause;
  mutex.lock();
}

inline void LV_COROUTINE_FN lock_paused(CoRwLock& lock) LV_ACQUIRE(lock) LV_GRAPH_RDLOCK {
  const CoGraphReadPause pause;
  lock.lock();
}

inline void LV_COROUTINE_FN lock_shared_paused(CoRwLock& lock)
    LV_ACQUIRE_SHARED(lock) LV_GRAPH_RDLOCK {
  const CoGraphReadPause pause;
  lock.lock_shared();
}

inline RangeHold LV_COROUTINE_FN hold_range_paused(RangeLock& lock, uint64_t begin, uint64_t end,
                                                   RangeLock::Mode mode) LV_GRAPH_RDLOCK {
  const CoGraphReadPause pause;
  return {lock, begin, end, mode};
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_PAUSED_LOCK_H
