// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// The guard's scope ends before the other lock is taken; or it is unlocked by hand.

#include <mutex>

// lockvet-silent

struct Disk {
  std::mutex mutex;
  void flush();
  void attach();
};

struct Queue {
  std::mutex mutex;
  void push();
  void drain();
};

static Disk disk;
static Queue queue;

void Queue::push() {
  std::lock_guard<std::mutex> guard(mutex);
}

void Disk::flush() {
  {
    std::lock_guard<std::mutex> guard(mutex);
  }
  queue.push();
  std::unique_lock<std::mutex> guard(mutex);
  guard.unlock();
  queue.push();
}

void Queue::drain() {
  std::lock_guard<std::mutex> guard(mutex);
  disk.attach();
}

void Disk::attach() {
  std::lock_guard<std::mutex> guard(mutex);
}
