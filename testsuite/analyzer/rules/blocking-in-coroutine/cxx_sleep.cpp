// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
// XFAIL: *
// Wrong today: the finding is in the library's header: only functions without a body are taken for
// those of the built-in list, so that its nanosleep() is what blocks.
//
// std::this_thread::sleep_for() is a template with a body: the call that a person can change is the
// one of it, not the one in the library's header.

#include "../Inputs/world.h"
#include <chrono>
#include <thread>

void coroutine_fn co_sleeps() {
  // lockvet-warning@+1{{blocking-in-coroutine: calls std::this_thread::sleep_for()}}
  std::this_thread::sleep_for(std::chrono::seconds(1));
}

void no_coroutine_fn sleeps() { // silent
  std::this_thread::sleep_for(std::chrono::seconds(1));
}
