// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// The standard library's condition is waited for under a mutex that whoever notifies needs. Its own
// mutex, which the guard stands for, is given back meanwhile.

#include <condition_variable>
#include <mutex>

std::mutex config_mutex;

class Worker {
public:
  void finishes() {
    std::lock_guard<std::mutex> config(config_mutex);
    std::lock_guard<std::mutex> guard(mutex_);
    is_done_ = true;
    done_.notify_all();
  }

  void waits() {
    std::lock_guard<std::mutex> config(config_mutex);
    std::unique_lock<std::mutex> guard(mutex_);
    while (!is_done_)
      done_.wait(guard); // lockvet-error{{lock-order: config_mutex and waits for Worker::done_}}
  }

  void waits_unlocked() {
    std::unique_lock<std::mutex> guard(mutex_);
    while (!is_done_)
      done_.wait(guard); // silent
  }

private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool is_done_ = false;
};

void use() {
  Worker worker;
  worker.finishes();
  worker.waits();
  worker.waits_unlocked();
}
