// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A request to give up, and whoever wants to hear of it. It belongs to whoever may cancel, and must
// outlive all who listen. request() can be called from any thread, more than once, and comes back
// without waiting for anybody to follow it. A function that can be cancelled takes a pointer to
// one, which may be null, and answers std::errc::operation_canceled.

#ifndef LOCKVET_RUNTIME_COROUTINE_CANCELLATION_H
#define LOCKVET_RUNTIME_COROUTINE_CANCELLATION_H

#include "runtime/coroutine/thread_mutex.h"

#include <atomic>

namespace lockvet::runtime {

class Cancellation {
public:
  // Is told once, in the thread that requests, with a mutex held: it may wake and post, and neither
  // block nor call back here. It lies with whoever listens.
  class Listener {
  public:
    using Heard = void(void* argument);
    Listener(Heard* heard, void* argument) : heard_(heard), argument_(argument) {}
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

  private:
    friend class Cancellation;
    Heard* heard_;
    void* argument_;
    Listener* next_ = nullptr;
    Listener** link_ = nullptr;
  };

  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;
  ~Cancellation();

  void request();
  bool requested() const noexcept { return requested_.load(std::memory_order_acquire); }

  // False, and it will not be told, if it was requested already.
  [[nodiscard]] bool add(Listener& listener);
  // After this it is not told, and not being told any more.
  void remove(Listener& listener);

private:
  ThreadMutex mutex_;
  Listener* first_ LV_GUARDED_BY(mutex_) = nullptr;
  std::atomic<bool> requested_ = false;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_COROUTINE_CANCELLATION_H
