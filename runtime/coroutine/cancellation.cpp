// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/coroutine/cancellation.h"

namespace lockvet::runtime {

Cancellation::~Cancellation() {
  if constexpr (checks) {
    ThreadLock lock(mutex_);
    if (first_ != nullptr)
      misuse("a cancellation is destroyed while somebody listens to it.");
  }
}

void Cancellation::request() {
  ThreadLock lock(mutex_);
  requested_.store(true, std::memory_order_release);
  // Each is unlinked first: what it wakes may end, and take it along, when the mutex is free.
  while (first_ != nullptr) {
    Listener& listener = *first_;
    first_ = listener.next_;
    if (first_ != nullptr)
      first_->link_ = &first_;
    listener.link_ = nullptr;
    listener.heard_(listener.argument_);
  }
}

bool Cancellation::add(Listener& listener) {
  ThreadLock lock(mutex_);
  if (requested_.load(std::memory_order_relaxed))
    return false;
  listener.next_ = first_;
  listener.link_ = &first_;
  if (first_ != nullptr)
    first_->link_ = &listener.next_;
  first_ = &listener;
  return true;
}

void Cancellation::remove(Listener& listener) {
  ThreadLock lock(mutex_);
  if (listener.link_ == nullptr)
    return;
  *listener.link_ = listener.next_;
  if (listener.next_ != nullptr)
    listener.next_->link_ = listener.link_;
  listener.link_ = nullptr;
}

} // namespace lockvet::runtime
