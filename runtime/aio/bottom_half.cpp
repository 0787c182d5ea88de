// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/bottom_half.h"

namespace lockvet::runtime {

BottomHalf::~BottomHalf() {
  if (!scheduled_.load(std::memory_order_acquire))
    return;
  context_.assert_home();
  cancel();
}

bool BottomHalf::schedule() noexcept {
  // Also if it is scheduled already, what was written before is published to its next run.
  if (scheduled_.exchange(true, std::memory_order_acq_rel))
    return true;
  if (!context_.hold()) {
    scheduled_.store(false, std::memory_order_release);
    return false;
  }
  context_.post(*this);
  return true;
}

void BottomHalf::cancel() {
  if (!scheduled_.load(std::memory_order_acquire))
    return;
  context_.take_out(*this);
  scheduled_.store(false, std::memory_order_release);
  context_.let_go();
}

void BottomHalf::run_it(HomeItem& item) noexcept {
  auto& self = static_cast<BottomHalf&>(item);
  AioContext& context = self.context_;
  const Callback callback = self.callback_;
  // From here on it can be scheduled anew, also by the callback, which may destroy it as well.
  self.scheduled_.exchange(false, std::memory_order_acq_rel);
  callback.function(callback.argument);
  context.let_go();
}

} // namespace lockvet::runtime
