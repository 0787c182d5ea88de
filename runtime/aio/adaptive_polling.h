// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How long a loop looks for events before it asks the kernel to wake it: as long as that pays.
// Owned by an AioContext and guarded by it; it only counts, the context does the looking.

#ifndef LOCKVET_RUNTIME_AIO_ADAPTIVE_POLLING_H
#define LOCKVET_RUNTIME_AIO_ADAPTIVE_POLLING_H

#include <algorithm>
#include <chrono>

namespace lockvet::runtime {

// Events that come within the limit make it look longer next time, up to the limit; longer pauses
// make it stop looking, since the time would be wasted. QEMU's AioContext does the same.
class AdaptivePolling {
public:
  using Duration = std::chrono::nanoseconds;

  // Zero turns it off.
  explicit AdaptivePolling(Duration limit) : limit_(limit) {}

  // How long to look now.
  Duration span() const noexcept { return span_; }

  // Tells how long it took until there was something to do, from when there was nothing.
  void note_idle(Duration idle) noexcept {
    if (limit_ == Duration::zero() || idle <= span_)
      return;
    if (idle > limit_)
      span_ = Duration::zero();
    else
      span_ = std::min(limit_, std::max(span_ * 2, first_span));
  }

private:
  static constexpr Duration first_span = std::chrono::microseconds(4);

  Duration limit_;
  Duration span_ = Duration::zero();
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_ADAPTIVE_POLLING_H
