// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/job_control.h"

namespace lockvet::runtime {

namespace {

// As long as a change of the speed is not noticed, and until what has failed is tried again.
constexpr auto longest_sleep = std::chrono::milliseconds(100);

} // namespace

JobControl::JobControl(AioContext& context, uint64_t speed, Policy policy, Listener listener)
    : context_(context), policy_(policy), listener_(std::move(listener)), speed_(0) {
  set_speed(speed);
}

// --- by the job's coroutines ---------------------------------------------------------------------

void JobControl::worker_comes() {
  ThreadLock lock(mutex_);
  ++workers_;
}

void JobControl::worker_goes() {
  {
    ThreadLock lock(mutex_);
    --workers_;
  }
  listener_.changed();
}

std::chrono::nanoseconds JobControl::time_to_wait(uint64_t spent) {
  ThreadLock lock(mutex_);
  const auto now = Clock::now();
  bucket_.take(static_cast<double>(spent), now);
  return bucket_.wait(now);
}

void JobControl::co_wait_while_paused() {
  {
    ThreadLock lock(mutex_);
    if (!pause_wanted_)
      return;
    ++waiting_;
  }
  listener_.changed();
  {
    ThreadLock lock(mutex_);
    while (pause_wanted_ && !cancelled())
      resumed_.wait(mutex_);
    --waiting_;
  }
  listener_.changed();
}

std::error_code JobControl::co_step(uint64_t bytes) {
  // What it copies may never have to wait, and others of the context have their turns, too.
  Coroutine::current()->wake();
  Coroutine::suspend();
  for (uint64_t spent = bytes; !cancelled(); spent = 0) {
    co_wait_while_paused();
    const auto time = time_to_wait(spent);
    if (time == std::chrono::nanoseconds::zero())
      break;
    co_rest(time);
  }
  return cancelled() ? std::make_error_code(std::errc::operation_canceled) : std::error_code();
}

void JobControl::co_rest(std::chrono::nanoseconds time) {
  context_.assert_home();
  const auto until = Clock::now() + std::min<std::chrono::nanoseconds>(time, longest_sleep);
  (void)co_sleep_until(context_, until, &cancellation_);
}

OnError JobControl::action_for(const JobFailure& failure) const {
  const OnError action = failure.reading ? policy_.reading : policy_.writing;
  if (action != OnError::enospc)
    return action;
  return failure.error == std::errc::no_space_on_device ? OnError::stop : OnError::report;
}

std::error_code JobControl::co_meet_failure(const JobFailure& failure) {
  const OnError action = action_for(failure);
  if (action == OnError::stop)
    pause();
  listener_.failed(failure, action);
  if (action == OnError::report)
    return failure.error;
  if (action == OnError::ignore)
    co_rest(longest_sleep);
  return co_step(0);
}

void JobControl::set_ready() {
  ready_.store(true, std::memory_order_release);
  listener_.changed();
}

// --- by anybody ----------------------------------------------------------------------------------

void JobControl::cancel() {
  cancellation_.request();
  // Whoever looks at it after this sees it, and whoever has looked before is in the queue.
  {
    const ThreadLock lock(mutex_);
  }
  resumed_.wake_all();
}

void JobControl::pause() {
  ThreadLock lock(mutex_);
  pause_wanted_ = true;
}

void JobControl::resume() {
  {
    ThreadLock lock(mutex_);
    pause_wanted_ = false;
  }
  resumed_.wake_all();
}

bool JobControl::pause_wanted() {
  ThreadLock lock(mutex_);
  return pause_wanted_;
}

bool JobControl::all_paused() {
  ThreadLock lock(mutex_);
  return pause_wanted_ && workers_ > 0 && waiting_ == workers_;
}

void JobControl::set_speed(uint64_t bytes_per_second) {
  ThreadLock lock(mutex_);
  speed_ = bytes_per_second;
  bucket_.set_limit({.rate = static_cast<double>(bytes_per_second)}, Clock::now());
}

uint64_t JobControl::speed() {
  ThreadLock lock(mutex_);
  return speed_;
}

} // namespace lockvet::runtime
