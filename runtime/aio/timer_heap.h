// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Deadlines in a heap with four children a node: arming, disarming and expiring one of n costs a
// fourth of log2(n) steps, each within one or two lines of the cache. Belongs to an AioContext and
// is guarded by it. Entries are linked in by their owners, who take them out before they go.

#ifndef LOCKVET_RUNTIME_AIO_TIMER_HEAP_H
#define LOCKVET_RUNTIME_AIO_TIMER_HEAP_H

#include "runtime/aio/poller.h"

#include <cstddef>
#include <vector>

namespace lockvet::runtime {

class TimerHeap {
public:
  class Entry {
  public:
    bool armed() const noexcept { return position_ != nowhere; }

  private:
    friend class TimerHeap;
    static constexpr size_t nowhere = ~size_t{0};
    size_t position_ = nowhere;
  };

  bool empty() const noexcept { return slots_.empty(); }
  size_t size() const noexcept { return slots_.size(); }
  // Of a heap that is not empty.
  Clock::time_point earliest() const noexcept { return slots_.front().deadline; }

  // The entry is not in it.
  void insert(Entry& entry, Clock::time_point deadline);
  // The entry is in it.
  void remove(Entry& entry) noexcept;
  // Takes out the one that is due first.
  Entry& pop() noexcept;

private:
  struct Slot {
    Clock::time_point deadline;
    Entry* entry;
  };
  static constexpr size_t children = 4;

  void put(size_t position, Slot slot) noexcept;
  // Find the place for a slot that is due earlier, or later, than what was there.
  void sift_up(size_t position, Slot slot) noexcept;
  void sift_down(size_t position, Slot slot) noexcept;
  // Of the children of a node, of which the first is in the heap.
  size_t earliest_child(size_t first) const noexcept;

  std::vector<Slot> slots_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_TIMER_HEAP_H
