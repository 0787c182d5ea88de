// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory that the connections of a server share, for requests beyond what each may keep of its own.
// The server owns it; connections take from it in their threads, and wait for each other there. One
// that holds some and does nothing with it, while others wait, loses its connection.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_MEMORY_BUDGET_H
#define LOCKVET_RUNTIME_EXPORT_NBD_MEMORY_BUDGET_H

#include "runtime/aio/co_wait.h"
#include "runtime/coroutine/thread_mutex.h"

#include <list>

namespace lockvet::runtime::nbd {

class MemoryBudget {
public:
  // One connection. It lies with that, is used in its thread, and holds nothing when it goes.
  class Holder {
  public:
    // `evict` is called with a mutex held, from any thread: it may post, and neither block nor call
    // back.
    Holder(MemoryBudget& budget, Callback evict) : budget_(budget), evict_(evict) {}
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    ~Holder();

    // Until there are so many bytes for it and whoever came before has got theirs. False, and
    // nothing taken, if `gave_up()` is true meanwhile.
    template <typename GaveUp>
    bool LV_COROUTINE_FN co_take(AioContext& context, uint64_t bytes, GaveUp&& gave_up)
        LV_REQUIRES_CONTEXT(context);
    void give(uint64_t bytes);

    // The client has sent or taken something.
    void progressed() noexcept { progress_.store(now(), std::memory_order_relaxed); }
    // What it holds serves a request that is being done, for which it is not the client that others
    // wait for. Counted.
    void begin_work() noexcept { working_.fetch_add(1, std::memory_order_relaxed); }
    void end_work() noexcept {
      progressed();
      working_.fetch_sub(1, std::memory_order_relaxed);
    }

  private:
    friend class MemoryBudget;
    static Clock::rep now() noexcept { return Clock::now().time_since_epoch().count(); }

    MemoryBudget& budget_;
    const Callback evict_;
    std::atomic<Clock::rep> progress_ = now();
    std::atomic<unsigned> working_ = 0;
    // Under the budget's mutex.
    uint64_t held_ = 0;
    std::list<Holder*>::iterator place_;
  };

  // A single request may take more than all, if nobody has anything.
  MemoryBudget(uint64_t bytes, std::chrono::milliseconds patience)
      : bytes_(bytes), patience_(patience) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  uint64_t held() const;

private:
  using Queue = std::list<Holder*>;

  // How often who waits looks again. Nobody waits but where memory is short.
  static constexpr auto look_again = std::chrono::milliseconds(2);

  Queue::iterator queue_up(Holder& holder);
  void leave_queue(Queue::iterator place);
  // If it is its turn, and there is room. Else has those evicted that are in the way.
  bool try_take(Queue::iterator place, uint64_t bytes);
  void evict_idle() LV_REQUIRES(mutex_);

  const uint64_t bytes_;
  const std::chrono::milliseconds patience_;
  mutable ThreadMutex mutex_;
  uint64_t held_ LV_GUARDED_BY(mutex_) = 0;
  // Who waits, and who holds something.
  Queue waiting_ LV_GUARDED_BY(mutex_);
  std::list<Holder*> holders_ LV_GUARDED_BY(mutex_);
};

template <typename GaveUp>
bool MemoryBudget::Holder::co_take(AioContext& context, uint64_t bytes, GaveUp&& gave_up) {
  const Queue::iterator place = budget_.queue_up(*this);
  while (!budget_.try_take(place, bytes)) {
    if (gave_up()) {
      budget_.leave_queue(place);
      return false;
    }
    (void)co_sleep_until(context, Clock::now() + look_again, nullptr);
  }
  return true;
}

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_MEMORY_BUDGET_H
