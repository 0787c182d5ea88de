// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A main loop in the test's thread and IOThreads beside it, for tests of the graph. They belong to
// the fixture, which ends them before it is destroyed.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_GRAPH_GRAPH_FIXTURE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_GRAPH_GRAPH_FIXTURE_H

#include "runtime/aio/io_thread.h"
#include "runtime/graph/graph_lock.h"

#include <gtest/gtest.h>
#include <string>

namespace lockvet::runtime {

class GraphTest : public testing::Test {
protected:
  GraphTest() : context_(std::move(*AioContext::create())), main_loop_(*context_) {}

  ~GraphTest() override {
    threads_.clear();
    context_->assert_home();
    context_->stop();
    context_->loop();
  }

  AioContext& main() { return *context_; }

  void start_threads(unsigned count) {
    for (unsigned number = 0; number < count; ++number)
      threads_.push_back(std::move(*IOThread::create("io" + std::to_string(number))));
  }
  AioContext& io(unsigned number) { return threads_[number]->context(); }
  size_t thread_count() const { return threads_.size(); }

  // Ends them when all that they do is done; main loop code that they wait for runs meanwhile.
  void end_threads() { threads_.clear(); }

  // Runs the main loop until the condition holds, whether or not anybody kicks it.
  template <typename Condition> void run_until(Condition&& condition) {
    context_->assert_home();
    while (!condition())
      context_->poll(false);
  }

private:
  std::unique_ptr<AioContext> context_;
  MainLoop main_loop_;
  std::vector<std::unique_ptr<IOThread>> threads_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_GRAPH_GRAPH_FIXTURE_H
