// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/admission.h"

#include <utility>

namespace lockvet::runtime {

Admission::Negotiating::Negotiating(Admission& admission, Callback evict)
    : admission_(admission), evict_(evict) {
  const ThreadLock lock(admission_.mutex_);
  place_ = admission_.negotiating_.insert(admission_.negotiating_.end(), this);
}

bool Admission::Negotiating::finish() {
  const ThreadLock lock(admission_.mutex_);
  if (std::exchange(listed_, false))
    admission_.negotiating_.erase(place_);
  return !evicted_;
}

Admission::Answer Admission::enter() {
  const ThreadLock lock(mutex_);
  if (connections_.load() < most_) {
    connections_.fetch_add(1);
    return Answer::welcome;
  }
  if (negotiating_.empty())
    return Answer::full;
  // It counts until it has gone, so that for a moment there are more than the limit; no more than
  // that are not on their way out.
  Negotiating& oldest = *negotiating_.front();
  negotiating_.pop_front();
  oldest.listed_ = false;
  oldest.evicted_ = true;
  oldest.evict_.function(oldest.evict_.argument);
  connections_.fetch_add(1);
  return Answer::instead;
}

} // namespace lockvet::runtime
