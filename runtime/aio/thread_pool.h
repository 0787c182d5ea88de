// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads for what blocks and can't be made not to, such as fsync() on a network filesystem. There
// are no more of them than the limit, made when needed; what comes beyond waits its turn, and can
// be cancelled until then. Owned by whoever made it, who destroys it when nobody waits for it any
// more.

#ifndef LOCKVET_RUNTIME_AIO_THREAD_POOL_H
#define LOCKVET_RUNTIME_AIO_THREAD_POOL_H

#include "runtime/coroutine/cancellation.h"
#include "runtime/coroutine/coroutine.h"

#include <system_error>
#include <thread>
#include <vector>

namespace lockvet::runtime {

class ThreadPool {
public:
  using Place = Coroutine::Place;

  // A thread more than `most_threads` never runs.
  explicit ThreadPool(unsigned most_threads = 64) : most_threads_(most_threads) {}
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  LV_NO_COROUTINE_FN ~ThreadPool();

  // Has one of the threads call `body`, which takes nothing and may block, and continues at home
  // when it has returned. operation_canceled, and it was not called, if the cancellation came
  // before a thread was free; after that there is no way to stop it. An error also if no thread can
  // be made.
  template <typename Body>
  std::error_code LV_COROUTINE_FN co_run(Body&& body, Cancellation* cancellation = nullptr,
                                         Place place = Place::current());

private:
  enum class State { queued, running, cancelled };

  // Lies on the stack of the coroutine that waits.
  struct Job {
    void (*call)(void* body);
    void* body;
    ThreadPool* pool;
    Coroutine* coroutine;
    State state = State::queued;
    Job* next = nullptr;
    Job* previous = nullptr;
  };

  std::error_code LV_COROUTINE_FN run(Job& job, Cancellation* cancellation, Place place);
  std::error_code submit(Job& job);
  void cancel(Job& job);
  void unlink(Job& job) LV_REQUIRES(mutex_);
  void work();

  const unsigned most_threads_;
  ThreadMutex mutex_;
  ThreadCondition changed_;
  Job* first_ LV_GUARDED_BY(mutex_) = nullptr;
  Job* last_ LV_GUARDED_BY(mutex_) = nullptr;
  unsigned idle_ LV_GUARDED_BY(mutex_) = 0;
  unsigned queued_ LV_GUARDED_BY(mutex_) = 0;
  bool stopping_ LV_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_ LV_GUARDED_BY(mutex_);
};

template <typename Body>
std::error_code ThreadPool::co_run(Body&& body, Cancellation* cancellation, Place place) {
  Job job{.call = [](void* body) { (*static_cast<std::remove_reference_t<Body>*>(body))(); },
          .body = &body,
          .pool = this,
          .coroutine = Coroutine::current()};
  return run(job, cancellation, place);
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_THREAD_POOL_H
