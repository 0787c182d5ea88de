// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Guards that say what they do, as those of <lockvet/guards.hpp> and a tree's own.

#include "../Inputs/locks.h"

#include <lockvet/guards.hpp>

class LV_CAPABILITY("disk lock") DiskLock {
public:
  void lock() LV_ACQUIRE();
  void unlock() LV_RELEASE();
};

class LV_SCOPED_CAPABILITY Guard {
public:
  explicit Guard(DiskLock &lock) LV_ACQUIRE(lock) : lock_(lock) { lock_.lock(); }
  ~Guard() LV_RELEASE() { lock_.unlock(); }

private:
  DiskLock &lock_;
};

class Disk {
public:
  void guarded() {
    Guard guard(lock_);
    run_event_loop(); // lockvet-error{{poll-under-lock: Disk::guarded() holds Disk::lock_}}
  }

  void by_library() {
    lockvet::LockGuard guard(lock_);
    run_event_loop(); // lockvet-error{{poll-under-lock: Disk::by_library() holds Disk::lock_}}
  }

  void behind() { // silent
    {
      Guard guard(lock_);
      ++count_;
    }
    run_event_loop();
  }

  void behind_library() { // silent
    {
      lockvet::LockGuard guard(lock_);
      ++count_;
    }
    run_event_loop();
  }

  void early() { // silent
    lockvet::UniqueLock lock(lock_);
    ++count_;
    lock.unlock();
    run_event_loop();
  }

private:
  DiskLock lock_;
  int count_ = 0;
};

void use(Disk &disk) { // silent
  disk.guarded();
  disk.by_library();
  disk.behind();
  disk.behind_library();
  disk.early();
  run_event_loop();
}
