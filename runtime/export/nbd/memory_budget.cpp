// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/memory_budget.h"

namespace lockvet::runtime::nbd {

MemoryBudget::Holder::~Holder() {
  give(held_);
}

void MemoryBudget::Holder::give(uint64_t bytes) {
  if (bytes == 0)
    return;
  const ThreadLock lock(budget_.mutex_);
  held_ -= bytes;
  budget_.held_ -= bytes;
  if (held_ == 0)
    budget_.holders_.erase(place_);
}

uint64_t MemoryBudget::held() const {
  const ThreadLock lock(mutex_);
  return held_;
}

MemoryBudget::Queue::iterator MemoryBudget::queue_up(Holder& holder) {
  const ThreadLock lock(mutex_);
  return waiting_.insert(waiting_.end(), &holder);
}

void MemoryBudget::leave_queue(Queue::iterator place) {
  const ThreadLock lock(mutex_);
  waiting_.erase(place);
}

bool MemoryBudget::try_take(Queue::iterator place, uint64_t bytes) {
  const ThreadLock lock(mutex_);
  const bool room = held_ == 0 || (held_ <= bytes_ && bytes <= bytes_ - held_);
  if (!room)
    evict_idle();
  if (!room || place != waiting_.begin())
    return false;
  Holder& holder = **place;
  waiting_.erase(place);
  if (holder.held_ == 0)
    holder.place_ = holders_.insert(holders_.end(), &holder);
  holder.held_ += bytes;
  held_ += bytes;
  holder.progressed();
  return true;
}

void MemoryBudget::evict_idle() {
  const Clock::rep since = (Clock::now() - patience_).time_since_epoch().count();
  for (const Holder* holder : holders_) {
    if (holder->working_.load(std::memory_order_relaxed) == 0 &&
        holder->progress_.load(std::memory_order_relaxed) < since)
      holder->evict_.function(holder->evict_.argument);
  }
}

} // namespace lockvet::runtime::nbd
