// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// The base profile knows what the standard library's threads run, whichever instance of a template
// it is handed to.

#include "../Inputs/world.h"
#include <thread>

static void worker() { // lockvet-note{{worker() is handed to std::thread::thread(), which has it}}
  co_read(); // lockvet-error{{coroutine-call: worker() calls coroutine_fn co_read() and can run}}
}

static void good_worker(int) { // silent
  sync_read();
}

void coroutine_fn co_start() { // silent: does not call what it starts
  std::thread(worker).detach();
  std::thread(good_worker, 1).detach();
  std::thread([] {
    co_flush(); // lockvet-error{{coroutine-call: calls coroutine_fn co_flush() and can run}}
  }).detach();
  std::thread([] { sync_flush(); }).detach();
}
