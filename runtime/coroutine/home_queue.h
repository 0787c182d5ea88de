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
  // Brings in what is run soon, or nullptr. If it is a coroutine, the top of its stack is right
  // below it.
  static void prefetch(const HomeItem* item) noexcept {
    if (item == nullptr)
      return;
    const auto* const line = reinterpret_cast<const char*>(item);
    for (const ptrdiff_t offset : {0, 64, -64, -128})
      __builtin_prefetch(line + offset, 1);
  }

  bool empty() const noexcept { return first_ == nullptr; }
  size_t size() const noexcept { return size_; }

  void push_back(HomeItem& item) noexcept {
    item.next = nullptr;
    *(first_ == nullptr ? &first_ : &last_->next) = &item;
    last_ = &item;
    ++size_;
  }

  // Items that are linked by `next`, newest first, as a lock-free stack collects them.
  void append_reversed(HomeItem* newest) noexcept {
    HomeItem* oldest = nullptr;
    HomeItem* const last = newest;
    while (newest != nullptr) {
      HomeItem* const older = std::exchange(newest->next, oldest);
      oldest = std::exchange(newest, older);
      ++size_;
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
    --size_;
    // The one behind the next: a turn is shorter than what it takes to bring it in.
    if (first_ != nullptr)
      prefetch(first_->next);
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
      --size_;
      return;
    }
  }

private:
  HomeItem* first_ = nullptr;
  HomeItem* last_ = nullptr;
  size_t size_ = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_HOME_QUEUE_H
