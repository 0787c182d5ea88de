// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines that are waited for together. The first that fails is the error of the group, and
// makes the others give up, as far as they take the group's cancellation. A group belongs to the
// coroutine that waits for it, which has to before it destroys it. Members may have any home.

#ifndef LOCKVET_RUNTIME_COROUTINE_CO_GROUP_H
#define LOCKVET_RUNTIME_COROUTINE_CO_GROUP_H

#include "runtime/coroutine/cancellation.h"
#include "runtime/coroutine/coroutine.h"

#include <atomic>
#include <system_error>

namespace lockvet::runtime {

class CoGroup {
public:
  using Place = Coroutine::Place;

  CoGroup() = default;
  CoGroup(const CoGroup&) = delete;
  CoGroup& operator=(const CoGroup&) = delete;
  ~CoGroup();

  // Starts a member: `body` takes nothing and returns a std::error_code. If the home has ended, it
  // does not run, and counts as a member that failed with operation_canceled. From any thread that
  // knows that the group exists: the owner's before it waits, or a member's.
  template <typename Body> void spawn(Home& home, Body&& body, Place place = Place::current());

  // Until all have ended. The first error, or none. A group that has failed
  // stays failed.
  std::error_code LV_COROUTINE_FN wait(Place place = Place::current());

  // For members to listen to, and for the owner to end it all.
  Cancellation& cancellation() noexcept { return cancellation_; }

private:
  void member_ended(std::error_code result);

  // The members that run, and one for the owner until it waits.
  std::atomic<unsigned> running_ = 1;
  Coroutine* waiter_ = nullptr;
  ThreadMutex mutex_;
  std::error_code first_error_ LV_GUARDED_BY(mutex_);
  Cancellation cancellation_;
};

template <typename Body> void CoGroup::spawn(Home& home, Body&& body, Place place) {
  running_.fetch_add(1, std::memory_order_relaxed);
  auto member = [this, body = std::forward<Body>(body)]() LV_COROUTINE_FN mutable {
    std::error_code result;
    {
      // What the body holds is gone before the owner learns that it has ended.
      auto own = std::move(body);
      result = own();
    }
    member_ended(result);
  };
  if (!Coroutine::spawn(home, std::move(member), place))
    member_ended(std::make_error_code(std::errc::operation_canceled));
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_CO_GROUP_H
