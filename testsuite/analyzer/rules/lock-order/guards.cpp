// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Guards of the standard library: a scope is what is held; std::scoped_lock takes both at once.

#include <mutex>

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
  std::unique_lock<std::mutex> guard(mutex);
  queue.push(); // lockvet-error-re{{lock-order: .*Disk::flush\(\) holds .* and takes }}
}

void Queue::drain() {
  std::lock_guard<std::mutex> guard(mutex);
  disk.attach();
}

void Disk::attach() {
  std::lock_guard<std::mutex> guard(mutex);
}
