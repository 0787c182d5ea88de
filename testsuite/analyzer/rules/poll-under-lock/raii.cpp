// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Guards of the standard library, which have no attributes: a profile says what they do.

#include "../Inputs/locks.h"

#include <mutex>
#include <shared_mutex>

class Disk {
public:
  void guarded() {
    std::lock_guard guard(mutex_);
    run_event_loop(); // lockvet-error{{poll-under-lock: Disk::guarded() holds Disk::mutex_}}
  }

  void behind() { // silent
    {
      std::lock_guard<std::mutex> guard(mutex_);
      ++count_;
    }
    run_event_loop();
  }

  void unique() {
    std::unique_lock lock(mutex_);
    ++count_;
    run_event_loop(); // lockvet-error{{poll-under-lock: Disk::unique() holds Disk::mutex_}}
  }

  void early() { // silent
    std::unique_lock lock(mutex_);
    ++count_;
    lock.unlock();
    run_event_loop();
  }

  void scoped() {
    std::scoped_lock lock(mutex_);
    run_event_loop(); // lockvet-error{{poll-under-lock: Disk::scoped() holds Disk::mutex_}}
  }

  void deferred() { // silent
    std::unique_lock lock(mutex_, std::defer_lock);
    run_event_loop();
    lock.lock();
    ++count_;
  }

  int reads() {
    std::shared_lock lock(shared_);
    run_event_loop(); // lockvet-warning{{poll-under-lock: Disk::reads() holds Disk::shared_ share}}
    return count_;
  }

  int reads_early() { // silent
    std::shared_lock lock(shared_);
    const int count = count_;
    lock.unlock();
    run_event_loop();
    return count;
  }

private:
  std::mutex mutex_;
  std::shared_mutex shared_;
  int count_ = 0;
};

void use(Disk &disk) {
  disk.guarded();
  disk.behind();
  disk.unique();
  disk.early();
  disk.scoped();
  disk.deferred();
  disk.reads();
  disk.reads_early();
}
