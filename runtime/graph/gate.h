// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What coroutines of all contexts pass, in and out, and what the main loop can close: then nobody
// enters any more, and when all who are inside have left, the main loop has for itself what the
// gate stands before. Passing costs two light fences and no atomic operation; closing waits. Who
// comes meanwhile suspends. It belongs to what it guards, and is destroyed when nobody is inside.

#ifndef LOCKVET_RUNTIME_GRAPH_GATE_H
#define LOCKVET_RUNTIME_GRAPH_GATE_H

#include "runtime/coroutine/thread_mutex.h"
#include "runtime/coroutine/waiter_list.h"
#include "runtime/graph/context_counter.h"
#include "runtime/graph/main_loop.h"

namespace lockvet::runtime {

// runtime/models/graph_lock.pml and drain.pml are the models of its hand-shakes.
class Gate {
public:
  using Place = Coroutine::Place;

  Gate() = default;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate();

  // --- by coroutines, in any context; leaving also by others, on behalf of one that entered ---

  void LV_COROUTINE_FN LV_LABEL("suspends") co_enter(Place place = Place::current()) {
    inside_.add(1);
    AsymmetricFence::light();
    if (closed_.load(std::memory_order_acquire)) [[unlikely]]
      co_enter_closed(place);
  }

  // The gate may be gone when the last one has left, so that it is not looked at after that.
  void leave() noexcept {
    inside_.add(-1);
    MainLoop::kick();
  }

  // --- by the main loop ---

  // Nobody enters any more, as soon as the caller has passed AsymmetricFence::heavy(), which
  // MainLoop::wait_while() does. May be closed more than once, and is then opened as often.
  void close() LV_MAIN_LOOP;
  // Lets in all who wait. They are inside when it returns, so that who closes it again at once
  // waits for them, and none of them starves.
  void open(Place place = Place::current()) LV_MAIN_LOOP;

  bool closed() const noexcept { return closed_.load(std::memory_order_relaxed); }
  // Whether somebody is inside. If it is closed, and that has taken effect, nobody is after a false
  // one, though it can be true again for a moment, while somebody tries to enter.
  bool busy() const noexcept { return inside_.sum() != 0; }

private:
  void LV_COROUTINE_FN LV_LABEL("suspends") co_enter_closed(Place place);
  bool wait_in_line(Waiter& waiter);

  // All in one line, which nobody writes while the gate is open.
  alignas(64) std::atomic<bool> closed_ = false;
  unsigned closings_ LV_GUARDED_BY(mutex_) = 0;
  WaiterList waiters_ LV_GUARDED_BY(mutex_);
  ThreadMutex mutex_;
  ContextCounter inside_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_GATE_H
