// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// Guards of a project's own, which no attribute speaks of: what the constructor locks the
// destructor unlocks, be it a reference, a pointer, or a lock in the guard itself.

#include "../Inputs/locks.h"

class Guard {
public:
  explicit Guard(Mutex &mutex) : mutex_(mutex) { mutex_lock(&mutex_); }
  ~Guard() { mutex_unlock(&mutex_); }

private:
  Mutex &mutex_;
};

class PointerGuard {
public:
  explicit PointerGuard(Mutex *mutex) : mutex_(mutex), is_held_(true) { mutex_lock(mutex); }
  ~PointerGuard() {
    if (is_held_)
      mutex_unlock(mutex_);
  }
  void unlock() {
    mutex_unlock(mutex_);
    is_held_ = false;
  }

private:
  Mutex *mutex_;
  bool is_held_;
};

struct Disk {
  Mutex lock;
  Mutex other;
  void touch();
};

void Disk::touch() {
  Guard guard(lock);
}

void guarded(Disk &disk) {
  Guard guard(disk.lock);
  disk.touch(); // lockvet-error{{lock-excluded: guarded() holds Disk::lock exclusively}}
}

void guarded_by_pointer(Disk &disk) {
  PointerGuard guard{&disk.lock};
  disk.touch(); // lockvet-error{{lock-excluded: guarded_by_pointer() holds Disk::lock}}
}

void guarded_twice(Disk &disk) {
  auto guard = Guard(disk.lock);
  Guard again(disk.lock); // lockvet-error{{lock-excluded: guarded_twice() holds Disk::lock}}
}

void after_the_scope(Disk &disk) { // silent
  {
    Guard guard(disk.lock);
  }
  disk.touch();
}

void guards_the_other(Disk &disk) { // silent
  Guard guard(disk.other);
  disk.touch();
}

void given_back_early(Disk &disk) { // silent
  PointerGuard guard(&disk.lock);
  guard.unlock();
  disk.touch();
}

void leaves_early(Disk &disk, bool early) { // silent
  {
    Guard guard(disk.lock);
    if (early)
      return;
  }
  disk.touch();
}

void temporary(Disk &disk) { // silent
  (void)Guard(disk.lock);
  disk.touch();
}

Guard made_for(Disk &disk) { // silent
  return Guard(disk.lock);
}

void another_makes_it(Disk &disk) { // silent
  const Guard *guard = new Guard(disk.lock);
  delete guard;
  disk.touch();
}

class OwnLock {
public:
  OwnLock() { mutex_lock(&lock_); }
  ~OwnLock() { mutex_unlock(&lock_); }
  void touch() {
    mutex_lock(&lock_);
    mutex_unlock(&lock_);
  }
  void release() { mutex_unlock(&lock_); }

private:
  Mutex lock_;
};

void own_lock() {
  OwnLock lock;
  lock.touch(); // lockvet-error{{lock-excluded: own_lock() holds OwnLock::lock_ exclusively}}
}

void two_own_locks() { // silent
  OwnLock lock;
  {
    OwnLock inner;
    inner.release();
    inner.touch();
  }
  lock.release();
  lock.touch();
}
