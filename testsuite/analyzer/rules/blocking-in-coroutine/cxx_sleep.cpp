// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
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

// A class's own function of such a name is not the library's.
struct Latch {
  void sleep_for(int) {}
};

void coroutine_fn co_own() { // silent
  Latch().sleep_for(1);
}

static void rests() {
  // lockvet-warning@+1{{blocking-in-coroutine: calls std::this_thread::sleep_for()}}
  std::this_thread::sleep_for(std::chrono::seconds(1));
}

void coroutine_fn co_rests() {
  rests();
}
