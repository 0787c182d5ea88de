// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Between a job's coroutines and the main loop: what its user wants of it, how far it is, and what
// it has to tell. The registry owns it, and keeps it until the coroutines have ended. These live in
// one context; its other methods are for any thread.

#ifndef LOCKVET_RUNTIME_JOBS_JOB_CONTROL_H
#define LOCKVET_RUNTIME_JOBS_JOB_CONTROL_H

#include "runtime/aio/co_wait.h"
#include "runtime/coroutine/cancellation.h"
#include "runtime/coroutine/co_queue.h"
#include "runtime/drivers/token_bucket.h"
#include "runtime/jobs/job_status.h"

#include <functional>

namespace lockvet::runtime {

// A request of a job has failed.
struct JobFailure {
  bool reading;
  std::error_code error;
};

class JobControl {
public:
  // What the coroutines tell, which is called in any thread.
  struct Listener {
    // Whether all are paused, or whether it is ready, may have changed.
    std::function<void()> changed;
    std::function<void(const JobFailure& failure, OnError action)> failed;
  };
  // Of the source and of the target.
  struct Policy {
    OnError reading = OnError::report;
    OnError writing = OnError::report;
  };

  // The speed is in bytes a second, without a limit if it is 0. The context is held until its
  // coroutines have ended.
  JobControl(AioContext& context, uint64_t speed, Policy policy, Listener listener);
  JobControl(const JobControl&) = delete;
  JobControl& operator=(const JobControl&) = delete;

  AioContext& context() noexcept { return context_; }

  // --- by the job's coroutines ---

  // One of them, which can be paused. It is in the scope of its work.
  class Worker {
  public:
    explicit Worker(JobControl& control) : control_(control) { control_.worker_comes(); }
    ~Worker() { control_.worker_goes(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

  private:
    JobControl& control_;
  };

  // Between two pieces of work, the last of which had so many bytes: lets others run, waits as long
  // as it is paused, and until the speed limit permits more. operation_canceled if it is to end.
  std::error_code LV_COROUTINE_FN co_step(uint64_t bytes);
  // For a while, or until it is to end.
  void LV_COROUTINE_FN co_rest(std::chrono::nanoseconds time);

  // Waits if the request is to be tried again, and then gives no error; else that with which the
  // job fails.
  std::error_code LV_COROUTINE_FN co_meet_failure(const JobFailure& failure);

  void set_ready();
  // In bytes. The total is what is done and what is left.
  void add_done(uint64_t bytes) { done_.fetch_add(bytes, std::memory_order_relaxed); }
  void set_left(uint64_t bytes) {
    total_.store(done_.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }

  // --- by anybody ---

  uint64_t done() const noexcept { return done_.load(std::memory_order_relaxed); }
  uint64_t total() const noexcept {
    return std::max(total_.load(std::memory_order_relaxed), done());
  }
  bool ready() const noexcept { return ready_.load(std::memory_order_acquire); }
  bool cancelled() const noexcept { return cancellation_.requested(); }

  void cancel();
  void pause();
  void resume();
  bool pause_wanted();
  // All of its coroutines wait.
  bool all_paused();
  void set_speed(uint64_t bytes_per_second);
  uint64_t speed();

private:
  void worker_comes();
  void worker_goes();
  OnError action_for(const JobFailure& failure) const;
  void LV_COROUTINE_FN co_wait_while_paused();
  // How long until there is something to spend.
  std::chrono::nanoseconds time_to_wait(uint64_t spent);

  AioContext& context_;
  const Policy policy_;
  const Listener listener_;
  Cancellation cancellation_;
  std::atomic<uint64_t> done_ = 0;
  std::atomic<uint64_t> total_ = 0;
  std::atomic<bool> ready_ = false;
  ThreadMutex mutex_;
  CoQueue resumed_;
  bool pause_wanted_ LV_GUARDED_BY(mutex_) = false;
  unsigned workers_ LV_GUARDED_BY(mutex_) = 0;
  unsigned waiting_ LV_GUARDED_BY(mutex_) = 0;
  uint64_t speed_ LV_GUARDED_BY(mutex_);
  TokenBucket bucket_ LV_GUARDED_BY(mutex_);
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_JOB_CONTROL_H
