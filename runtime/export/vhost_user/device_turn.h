// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which of the front ends that are connected uses the device: one at a time, in the order in which
// they ask. A server owns it; coroutines of the one context that serves messages use it.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_DEVICE_TURN_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_DEVICE_TURN_H

#include "runtime/coroutine/cancellation.h"
#include "runtime/coroutine/coroutine.h"

#include <list>

namespace lockvet::runtime::vhost_user {

class DeviceTurn {
public:
  DeviceTurn() = default;
  DeviceTurn(const DeviceTurn&) = delete;
  DeviceTurn& operator=(const DeviceTurn&) = delete;

  // Until it is the caller's, who gives it back. False, and it is not, if the cancellation was
  // requested before, which happens in the context's thread.
  bool LV_COROUTINE_FN co_take(Cancellation& over);
  // The next one that waits has it then.
  void give_back();

private:
  struct Waiter {
    Coroutine* coroutine;
    // Whether it was woken, and with what.
    bool woken = false;
    bool has_it = false;

    void wake();
  };

  bool taken_ = false;
  std::list<Waiter*> waiting_;
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_DEVICE_TURN_H
