// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/thread_pool.h"

namespace lockvet::runtime {

ThreadPool::~ThreadPool() {
  std::vector<std::thread> threads;
  {
    ThreadLock lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
    changed_.notify_all();
  }
  for (std::thread& thread : threads)
    thread.join();
}

std::error_code ThreadPool::run(Job& job, Cancellation* cancellation, Place place) {
  Cancellation::Listener listener(
      [](void* argument) {
        auto& job = *static_cast<Job*>(argument);
        job.pool->cancel(job);
      },
      &job);
  if (cancellation != nullptr && !cancellation->add(listener))
    return std::make_error_code(std::errc::operation_canceled);
  const std::error_code error = submit(job);
  if (!error)
    Coroutine::suspend(place);
  if (cancellation != nullptr)
    cancellation->remove(listener);
  if (error)
    return error;
  return job.state == State::cancelled ? std::make_error_code(std::errc::operation_canceled)
                                       : std::error_code();
}

std::error_code ThreadPool::submit(Job& job) {
  ThreadLock lock(mutex_);
  // It was cancelled since the listener was added, and has been woken already.
  if (job.state == State::cancelled)
    return {};
  if (queued_ >= idle_ && threads_.size() < most_threads_) {
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error& error) {
      // Those that there are will do it.
      if (threads_.empty()) {
        // No longer for anybody to cancel.
        job.state = State::running;
        return error.code();
      }
    }
  }
  job.previous = last_;
  *(last_ == nullptr ? &first_ : &last_->next) = &job;
  last_ = &job;
  ++queued_;
  changed_.notify_one();
  return {};
}

void ThreadPool::cancel(Job& job) {
  {
    ThreadLock lock(mutex_);
    if (job.state != State::queued)
      return;
    // Not in the queue if submit() is still to come.
    if (job.previous != nullptr || first_ == &job)
      unlink(job);
    job.state = State::cancelled;
  }
  job.coroutine->wake();
}

void ThreadPool::unlink(Job& job) {
  (job.previous == nullptr ? first_ : job.previous->next) = job.next;
  (job.next == nullptr ? last_ : job.next->previous) = job.previous;
  --queued_;
}

void ThreadPool::work() {
  while (true) {
    Job* job = nullptr;
    {
      ThreadLock lock(mutex_);
      ++idle_;
      while (first_ == nullptr && !stopping_)
        changed_.wait(mutex_);
      --idle_;
      if (first_ == nullptr)
        return;
      job = first_;
      unlink(*job);
      job->state = State::running;
    }
    job->call(job->body);
    // The job is gone as soon as its coroutine is awake.
    job->coroutine->wake();
  }
}

} // namespace lockvet::runtime
