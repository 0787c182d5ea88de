// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locks over ranges of a disk, shared or exclusive, for coroutines of any home: in an image who
// changes where a cluster is waits until nobody reads or writes it, and in a mirror a guest's write
// and the copy of what is there come one after the other. Fair: who comes later waits for who waits
// already. Whoever has the disk owns it. It guards itself with a ThreadMutex.

#ifndef LOCKVET_RUNTIME_COROUTINE_RANGE_LOCK_H
#define LOCKVET_RUNTIME_COROUTINE_RANGE_LOCK_H

#include "runtime/coroutine/co_queue.h"

#include <cstdint>

namespace lockvet::runtime {

class RangeLock {
public:
  enum class Mode : uint8_t { shared, exclusive };

  // A range that its owner holds or waits for. It lies on the stack of the request.
  struct Range {
    uint64_t begin;
    uint64_t end;
    Mode mode;
    Range* earlier = nullptr;
    Range* later = nullptr;
  };

  RangeLock() = default;
  RangeLock(const RangeLock&) = delete;
  RangeLock& operator=(const RangeLock&) = delete;

  // A coroutine has one range at a time, so that nobody waits in a circle.
  void LV_COROUTINE_FN LV_LABEL("suspends") co_lock(Range& range);
  void unlock(Range& range);

private:
  bool has_to_wait(const Range& range) const LV_REQUIRES(mutex_);

  ThreadMutex mutex_;
  CoQueue changed_;
  // In the order in which they came.
  Range* newest_ LV_GUARDED_BY(mutex_) = nullptr;
  unsigned waiting_ LV_GUARDED_BY(mutex_) = 0;
};

// Holds a range to the end of the scope.
class [[nodiscard]] RangeHold {
public:
  LV_COROUTINE_FN RangeHold(RangeLock& lock, uint64_t begin, uint64_t end, RangeLock::Mode mode)
      : lock_(lock), range_{begin, end, mode} {
    lock_.co_lock(range_);
  }
  ~RangeHold() { lock_.unlock(range_); }

  RangeHold(const RangeHold&) = delete;
  RangeHold& operator=(const RangeHold&) = delete;

private:
  RangeLock& lock_;
  RangeLock::Range range_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_RANGE_LOCK_H
