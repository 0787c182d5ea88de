// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines that wait for something, in the order in which they came. A waiter lies on the stack
// of the coroutine that waits, until that is woken. The list belongs to a lock, which also guards
// it.

#ifndef LOCKVET_RUNTIME_COROUTINE_WAITER_LIST_H
#define LOCKVET_RUNTIME_COROUTINE_WAITER_LIST_H

#include "runtime/coroutine/coroutine.h"

namespace lockvet::runtime {

struct Waiter {
  Coroutine* coroutine = nullptr;
  Waiter* next = nullptr;
  bool exclusive = true;
};

class WaiterList {
public:
  bool empty() const noexcept { return first_ == nullptr; }
  Waiter* first() const noexcept { return first_; }

  void push_back(Waiter& waiter) noexcept {
    waiter.next = nullptr;
    *(first_ == nullptr ? &first_ : &last_->next) = &waiter;
    last_ = &waiter;
  }

  // Not of an empty list.
  Waiter& pop_front() noexcept {
    Waiter& waiter = *first_;
    first_ = waiter.next;
    return waiter;
  }

  // Wakes and removes all. A waiter is gone as soon as it is woken.
  void wake_all(Coroutine::Place place) {
    while (!empty())
      pop_front().coroutine->wake(place);
  }

private:
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_WAITER_LIST_H
