// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Homes for tests of coroutines, without an event loop: one that is run by hand, and one that is a
// thread. They belong to the test.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_TEST_HOME_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_TEST_HOME_H

#include "runtime/coroutine/coroutine.h"
#include "runtime/coroutine/home_queue.h"
#include "runtime/coroutine/thread_mutex.h"

#include <thread>

namespace lockvet::runtime {

// Items run when the test says so, in the thread that made it.
class ManualHome final : public Home {
public:
  void post(HomeItem& item) noexcept override { queue_.push_back(item); }
  bool is_here() const noexcept override { return std::this_thread::get_id() == thread_; }
  bool hold() noexcept override { return !ended && ++held_ > 0; }
  void let_go() noexcept override { --held_; }

  // Until there is nothing left; returns how many ran.
  unsigned run() {
    unsigned ran = 0;
    for (; !queue_.empty(); ++ran) {
      HomeItem& item = queue_.pop_front();
      item.run(item);
    }
    return ran;
  }
  bool run_one() {
    if (queue_.empty())
      return false;
    HomeItem& item = queue_.pop_front();
    item.run(item);
    return true;
  }
  int held() const { return held_; }

  bool ended = false;

private:
  HomeQueue queue_;
  std::thread::id thread_ = std::this_thread::get_id();
  int held_ = 0;
};

// A thread that runs items until it is destroyed and nobody holds it.
class ThreadHome final : public Home {
public:
  ThreadHome() : thread_([this] { loop(); }) {}
  ~ThreadHome() {
    let_go();
    thread_.join();
  }

  void post(HomeItem& item) noexcept override {
    ThreadLock lock(mutex_);
    queue_.push_back(item);
    changed_.notify_one();
  }
  bool is_here() const noexcept override { return std::this_thread::get_id() == thread_.get_id(); }
  bool hold() noexcept override {
    ThreadLock lock(mutex_);
    return held_ > 0 && ++held_ > 0;
  }
  void let_go() noexcept override {
    ThreadLock lock(mutex_);
    --held_;
    changed_.notify_one();
  }

private:
  void loop() {
    while (HomeItem* item = next())
      item->run(*item);
  }

  HomeItem* next() {
    ThreadLock lock(mutex_);
    while (queue_.empty()) {
      if (held_ == 0)
        return nullptr;
      changed_.wait(mutex_);
    }
    return &queue_.pop_front();
  }

  ThreadMutex mutex_;
  ThreadCondition changed_;
  HomeQueue queue_ LV_GUARDED_BY(mutex_);
  int held_ LV_GUARDED_BY(mutex_) = 1;
  std::thread thread_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_TEST_HOME_H
