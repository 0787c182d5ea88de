// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A main loop in the test's thread, IOThreads beside it, and a graph, for tests of these. They
// belong to the fixture, which ends them before it is destroyed.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_GRAPH_GRAPH_FIXTURE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_GRAPH_GRAPH_FIXTURE_H

#include "runtime/aio/io_thread.h"
#include "runtime/graph/block_backend.h"
#include "runtime/graph/graph.h"

#include <gtest/gtest.h>
#include <string>

namespace lockvet::runtime {

class GraphTest : public testing::Test {
protected:
  GraphTest() : context_(std::move(*AioContext::create())), main_loop_(*context_) {}

  ~GraphTest() override {
    MainLoop::assert_here();
    remove_all();
    threads_.clear();
    context_->assert_home();
    context_->stop();
    context_->loop();
  }

  AioContext& main() { return *context_; }
  Graph& graph() { return graph_; }

  void start_threads(unsigned count) {
    for (unsigned number = 0; number < count; ++number)
      threads_.push_back(std::move(*IOThread::create("io" + std::to_string(number))));
  }
  AioContext& io(unsigned number) { return threads_[number]->context(); }
  // Waits until all that they do is done.
  void end_threads() { threads_.clear(); }

  // Runs the main loop until the condition holds, whether or not anybody kicks it.
  template <typename Condition> void run_until(Condition&& condition) {
    context_->assert_home();
    while (!condition())
      context_->poll(false);
  }
  void run_some_turns() {
    context_->assert_home();
    for (int turn = 0; turn < 20; ++turn)
      context_->poll(false);
  }

  // Runs it in a coroutine, and the main loop until it has ended.
  template <typename Body> void in_coroutine(AioContext& context, Body body) {
    std::atomic<bool> done = false;
    ASSERT_TRUE(Coroutine::spawn(context, [&]() LV_COROUTINE_FN {
      body();
      done = true;
    }));
    run_until([&] { return done.load(); });
  }

  template <typename NodeDriver> struct Added {
    Node& node;
    NodeDriver& driver;
  };
  template <typename NodeDriver, typename... Arguments>
  Added<NodeDriver> add_in(AioContext& context, std::string name,
                           Arguments... arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    auto driver = std::make_unique<NodeDriver>(arguments...);
    NodeDriver& added = *driver;
    return {**graph_.add(std::move(name), std::move(driver), context), added};
  }
  template <typename NodeDriver, typename... Arguments>
  Added<NodeDriver> add(std::string name, Arguments... arguments) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    return add_in<NodeDriver>(main(), std::move(name), arguments...);
  }
  BlockBackend& backend(BlockBackend::Options options = {}) {
    backends_.push_back(
        std::make_unique<BlockBackend>("disk" + std::to_string(backends_.size()), options));
    return *backends_.back();
  }

  // The names of the nodes from the backend down, by first children.
  std::string chain(const BlockBackend& backend) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    if (backend.root() == nullptr)
      return "";
    const Node* node = &backend.root()->child();
    std::string names = node->name();
    while (!node->children().empty()) {
      node = &node->children().front()->child();
      names += " " + node->name();
    }
    return names;
  }

  // Backends first, then nodes as they lose their parents.
  void remove_all() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    for (const auto& backend : backends_)
      EXPECT_TRUE(backend->remove());
    backends_.clear();
    bool removed = true;
    while (removed) {
      removed = false;
      for (const auto& node : graph_.nodes())
        if (graph_.remove(*node)) {
          removed = true;
          break;
        }
    }
    EXPECT_TRUE(graph_.nodes().empty());
  }

private:
  std::unique_ptr<AioContext> context_;
  MainLoop main_loop_;
  std::vector<std::unique_ptr<IOThread>> threads_;
  Graph graph_;
  std::vector<std::unique_ptr<BlockBackend>> backends_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_GRAPH_GRAPH_FIXTURE_H
