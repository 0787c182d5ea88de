// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/timer_heap.h"

#include <algorithm>
#include <utility>

namespace lockvet::runtime {

void TimerHeap::insert(Entry& entry, Clock::time_point deadline) {
  slots_.emplace_back();
  sift_up(slots_.size() - 1, {deadline, &entry});
}

void TimerHeap::remove(Entry& entry) noexcept {
  const size_t position = std::exchange(entry.position_, Entry::nowhere);
  const Slot last = slots_.back();
  slots_.pop_back();
  if (position == slots_.size())
    return;
  if (position > 0 && last.deadline < slots_[(position - 1) / children].deadline)
    sift_up(position, last);
  else
    sift_down(position, last);
}

TimerHeap::Entry& TimerHeap::pop() noexcept {
  Entry& entry = *slots_.front().entry;
  remove(entry);
  return entry;
}

void TimerHeap::put(size_t position, Slot slot) noexcept {
  slots_[position] = slot;
  slot.entry->position_ = position;
}

void TimerHeap::sift_up(size_t position, Slot slot) noexcept {
  while (position > 0) {
    const size_t parent = (position - 1) / children;
    if (slots_[parent].deadline <= slot.deadline)
      break;
    put(position, slots_[parent]);
    position = parent;
  }
  put(position, slot);
}

// Which child is the earliest can't be predicted, so that a branch would be a miss every other
// time: of four, a match in two rounds selects it by arithmetic.
size_t TimerHeap::earliest_child(size_t first) const noexcept {
  static_assert(children == 4);
  const Slot* const slots = slots_.data();
  const auto earlier = [slots](size_t left, size_t right) {
    const auto is_right = static_cast<size_t>(slots[right].deadline < slots[left].deadline);
    return left + (right - left) * is_right;
  };
  const size_t there = std::min(children, slots_.size() - first);
  if (there == children) [[likely]]
    return earlier(earlier(first, first + 1), earlier(first + 2, first + 3));
  size_t earliest = first;
  for (size_t child = first + 1; child < first + there; ++child)
    earliest = earlier(earliest, child);
  return earliest;
}

void TimerHeap::sift_down(size_t position, Slot slot) noexcept {
  while (true) {
    const size_t first = position * children + 1;
    if (first >= slots_.size())
      break;
    const size_t earliest = earliest_child(first);
    if (slot.deadline <= slots_[earliest].deadline)
      break;
    put(position, slots_[earliest]);
    position = earliest;
  }
  put(position, slot);
}

} // namespace lockvet::runtime
