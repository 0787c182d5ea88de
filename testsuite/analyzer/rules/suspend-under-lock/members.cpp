// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A coroutine's method under the standard library's mutex.

#include "../Inputs/locks.h"

#include <mutex>

class Disk {
public:
  void coroutine_fn co_flush() {
    mutex_.lock();
    co_wait(); // lockvet-error{{suspend-under-lock: Disk::co_flush() holds Disk::mutex_, a thread}}
    mutex_.unlock();
  }

  void coroutine_fn co_flush_well() { // silent
    mutex_.lock();
    const bool is_busy = busy_;
    mutex_.unlock();
    if (is_busy)
      co_wait();
  }

  void flush() { // silent: in no coroutine
    mutex_.lock();
    busy_ = false;
    mutex_.unlock();
  }

private:
  void coroutine_fn co_wait() {
    while (busy_)
      co_yield_once();
  }

  std::mutex mutex_;
  bool busy_ = false;
};

void coroutine_fn co_use(Disk &disk) { // silent
  disk.co_flush();
  disk.co_flush_well();
  disk.flush();
}
