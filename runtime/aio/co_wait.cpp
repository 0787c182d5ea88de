// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/co_wait.h"

namespace lockvet::runtime {

namespace {

// What two sides, one of them in any thread, may end: the first of them wakes, the other does
// nothing. It lies on the stack of the coroutine, which unties it from both before it goes on.
class EndedOnce {
public:
  explicit EndedOnce(Coroutine::Place place) : place_(place) {}

  void end() {
    if (!ended_.exchange(true, std::memory_order_acq_rel))
      coroutine_.wake(place_);
  }

  static void end_it(void* argument) { static_cast<EndedOnce*>(argument)->end(); }

private:
  Coroutine& coroutine_ = *Coroutine::current();
  Coroutine::Place place_;
  std::atomic<bool> ended_ = false;
};

std::error_code cancelled() {
  return std::make_error_code(std::errc::operation_canceled);
}

} // namespace

std::error_code co_sleep_until(AioContext& context, Clock::time_point deadline,
                               Cancellation* cancellation, Coroutine::Place place) {
  EndedOnce sleep(place);
  Cancellation::Listener listener(EndedOnce::end_it, &sleep);
  if (cancellation != nullptr && !cancellation->add(listener))
    return cancelled();
  Timer timer({EndedOnce::end_it, &sleep});
  context.arm(timer, deadline);
  Coroutine::suspend(place);
  // Armed still, it was not the timer that woke us.
  const bool too_early = timer.armed();
  context.disarm(timer);
  if (cancellation != nullptr)
    cancellation->remove(listener);
  return too_early ? cancelled() : std::error_code();
}

std::expected<unsigned, std::error_code> co_wait_fd(AioContext& context, int fd, unsigned events,
                                                    Cancellation* cancellation,
                                                    Coroutine::Place place) {
  struct Wait {
    EndedOnce once;
    unsigned happened = 0;
  } wait{EndedOnce(place)};
  Cancellation::Listener listener(EndedOnce::end_it, &wait.once);
  if (cancellation != nullptr && !cancellation->add(listener))
    return std::unexpected(cancelled());
  FdWatch watch({[](void* argument, unsigned happened) {
                   auto& wait = *static_cast<Wait*>(argument);
                   wait.happened = happened;
                   wait.once.end();
                 },
                 &wait});
  const std::error_code error = context.watch(watch, fd, events);
  // Also then one side has to wake us, since the cancellation may have done so already.
  if (error)
    wait.once.end();
  Coroutine::suspend(place);
  context.unwatch(watch);
  if (cancellation != nullptr)
    cancellation->remove(listener);
  if (error)
    return std::unexpected(error);
  if (wait.happened == 0)
    return std::unexpected(cancelled());
  return wait.happened;
}

bool co_move(AioContext&, AioContext& to, Coroutine::Place place)
    LV_NO_THREAD_SAFETY_ANALYSIS("being in a thread is not given back by a call") {
  return Coroutine::move_to(to, place);
}

} // namespace lockvet::runtime
