// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A home's items in the order in which they were posted. It belongs to the home, which guards it;
// it allocates nothing, and an item is out of it before it runs.

#ifndef LOCKVET_RUNTIME_COROUTINE_HOME_QUEUE_H
#define LOCKVET_RUNTIME_COROUTINE_HOME_QUEUE_H

#include "runtime/coroutine/home.h"

#include <cstddef>
#include <utility>

namespace lockvet::runtime {

class HomeQueue {
public:
  bool empty() const noexcept { return first_ == nullptr; }

  void push_back(HomeItem& item) noexcept {
    item.next = nullptr;
    *(first_ == nullptr ? &first_ : &last_->next) = &item;
    last_ = &item;
  }

  // Items that are linked by `next`, newest first, as a lock-free stack collects them.
  void append_reversed(HomeItem* newest) noexcept {
    HomeItem* oldest = nullptr;
    HomeItem* const last = newest;
    while (newest != nullptr) {
      HomeItem* const older = std::exchange(newest->next, oldest);
      oldest = std::exchange(newest, older);
    }
    if (oldest == nullptr)
      return;
    *(first_ == nullptr ? &first_ : &last_->next) = oldest;
    last_ = last;
  }

  // Not of an empty queue.
  HomeItem& pop_front() noexcept {
    HomeItem& item = *first_;
    first_ = item.next;
    // The next one is run soon. If it is a coroutine, the top of its stack is right below.
    auto* const line = reinterpret_cast<char*>(first_);
    for (const ptrdiff_t offset : {0, 64, -64, -128})
      __builtin_prefetch(line + offset, 1);
    return item;
  }

  // Takes an item out, if it is there; in time linear in the length.
  void remove(HomeItem& item) noexcept {
    HomeItem* before = nullptr;
    for (HomeItem* at = first_; at != nullptr; before = std::exchange(at, at->next)) {
      if (at != &item)
        continue;
      (before == nullptr ? first_ : before->next) = item.next;
      if (last_ == &item)
        last_ = before;
      return;
    }
  }

private:
  HomeItem* first_ = nullptr;
  HomeItem* last_ = nullptr;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_HOME_QUEUE_H
