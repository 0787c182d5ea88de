// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// The standard library's waits, in C++.

#include "../Inputs/world.h"
#include <chrono>
#include <thread>

void coroutine_fn co_joins(std::thread& thread) {
  thread.join(); // lockvet-warning{{blocking-in-coroutine: calls std::thread::join()}}
}

void no_coroutine_fn joins(std::thread& thread) { // silent
  thread.join();
}

void coroutine_fn co_detaches(std::thread& thread) { // silent
  thread.detach();
}

class Scheduler {
public:
  void coroutine_fn sleep_for(int ms);
};

void coroutine_fn co_own_sleep(Scheduler& scheduler) { // silent
  scheduler.sleep_for(10);
}
