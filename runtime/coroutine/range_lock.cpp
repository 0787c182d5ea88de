// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/range_lock.h"

namespace lockvet::runtime {

bool RangeLock::has_to_wait(const Range& range) const {
  for (const Range* other = range.earlier; other != nullptr; other = other->earlier) {
    const bool overlaps = other->begin < range.end && range.begin < other->end;
    if (overlaps && (other->mode == Mode::exclusive || range.mode == Mode::exclusive))
      return true;
  }
  return false;
}

void RangeLock::co_lock(Range& range) {
  ThreadLock lock(mutex_);
  range.earlier = newest_;
  if (newest_ != nullptr)
    newest_->later = &range;
  newest_ = &range;
  if (!has_to_wait(range))
    return;
  ++waiting_;
  do
    changed_.wait(mutex_);
  while (has_to_wait(range));
  --waiting_;
}

void RangeLock::unlock(Range& range) {
  ThreadLock lock(mutex_);
  if (range.earlier != nullptr)
    range.earlier->later = range.later;
  *(range.later != nullptr ? &range.later->earlier : &newest_) = range.earlier;
  if (waiting_ != 0)
    changed_.wake_all();
}

} // namespace lockvet::runtime
