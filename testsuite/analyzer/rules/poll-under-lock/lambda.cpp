// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify --config %S/../Inputs/locks.yaml
//
// A lambda that is called at once runs under the lock; one that is handed to a thread does not.

#include "../Inputs/locks.h"

#include <mutex>
#include <thread>

static std::mutex mutex;

template <typename Work> static void with_lock(Work work) {
  mutex.lock();
  work(); // lockvet-error{{poll-under-lock: holds mutex exclusively and calls}}
  mutex.unlock();
}

void calls_at_once() {
  with_lock([] { run_event_loop(); });
}

void calls_a_read() { // silent
  with_lock([] { plain_read(); });
}

void starts_a_thread() { // silent
  mutex.lock();
  std::thread([] { run_event_loop(); }).detach();
  mutex.unlock();
}
