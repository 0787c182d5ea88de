// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many connections a server takes on. Where there are as many already, one that still
// negotiates makes room for the next, the oldest first, so that clients that come and say nothing
// keep nobody out. The server owns it; any of its threads uses it.

#ifndef LOCKVET_RUNTIME_EXPORT_ADMISSION_H
#define LOCKVET_RUNTIME_EXPORT_ADMISSION_H

#include "runtime/aio/callback.h"
#include "runtime/coroutine/thread_mutex.h"

#include <atomic>
#include <list>

namespace lockvet::runtime {

class Admission {
public:
  // A client that negotiates, as long as this exists.
  class Negotiating {
  public:
    // `evict` is called with a mutex held, from any thread, once at most: it may post, and neither
    // block nor call back.
    Negotiating(Admission& admission, Callback evict);
    Negotiating(const Negotiating&) = delete;
    Negotiating& operator=(const Negotiating&) = delete;
    ~Negotiating() { (void)finish(); }

    // It does not negotiate any more. False if it has to go.
    bool finish();

  private:
    friend class Admission;
    Admission& admission_;
    const Callback evict_;
    // Under the mutex: whether it can be told to go still, and then where it is in the list.
    bool listed_ = true;
    bool evicted_ = false;
    std::list<Negotiating*>::iterator place_;
  };

  enum class Answer {
    welcome,
    // And somebody else has to go.
    instead,
    full,
  };

  explicit Admission(unsigned most) : most_(most) {}
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // One more connection, unless it is full. Each that was let in leaves.
  Answer enter();
  void leave() noexcept { connections_.fetch_sub(1); }

  unsigned connections() const noexcept { return connections_.load(std::memory_order_relaxed); }
  unsigned most() const noexcept { return most_; }

private:
  const unsigned most_;
  std::atomic<unsigned> connections_ = 0;
  ThreadMutex mutex_;
  std::list<Negotiating*> negotiating_ LV_GUARDED_BY(mutex_);
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_ADMISSION_H
