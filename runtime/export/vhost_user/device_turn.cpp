// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/device_turn.h"

namespace lockvet::runtime::vhost_user {

void DeviceTurn::Waiter::wake() {
  if (!std::exchange(woken, true))
    coroutine->wake();
}

bool DeviceTurn::co_take(Cancellation& over) {
  if (over.requested())
    return false;
  if (!taken_) {
    taken_ = true;
    return true;
  }
  Waiter waiter{.coroutine = Coroutine::current()};
  Cancellation::Listener listener([](void* self) { static_cast<Waiter*>(self)->wake(); }, &waiter);
  if (!over.add(listener))
    return false;
  const auto place = waiting_.insert(waiting_.end(), &waiter);
  Coroutine::suspend();
  over.remove(listener);
  if (!waiter.has_it)
    waiting_.erase(place);
  return waiter.has_it;
}

void DeviceTurn::give_back() {
  if (waiting_.empty()) {
    taken_ = false;
    return;
  }
  Waiter& next = *waiting_.front();
  waiting_.pop_front();
  next.has_it = true;
  next.wake();
}

} // namespace lockvet::runtime::vhost_user
