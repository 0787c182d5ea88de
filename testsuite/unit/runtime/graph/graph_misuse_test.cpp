// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checked builds say what was done wrong with the graph. The lock's own are in graph_lock_test.cpp.

#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"

#if LOCKVET_RUNTIME_CHECKS

namespace lockvet::runtime {
namespace {

class GraphMisuseDeathTest : public GraphTest {
protected:
  GraphMisuseDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(GraphMisuseDeathTest, ARequestThatTheEdgeDoesNotPermit) {
  MainLoop::assert_here();
  const auto memory = add<MemoryDriver>("memory", size_t{64});
  BlockBackend& disk = backend({.permissions = {.used = Permission::consistent_read}});
  ASSERT_TRUE(disk.insert(memory.node));
  EXPECT_DEATH(in_coroutine(main(),
                            [&]() LV_COROUTINE_FN {
                              char byte = 0;
                              (void)disk.co_pwritev(0, {&byte, 1});
                            }),
               "'root' of block backend 'disk0' is used for 'write and write unchanged' and has "
               "only 'consistent read'");
}

TEST_F(GraphMisuseDeathTest, ADestroyedBackendThatLeadsToANode) {
  MainLoop::assert_here();
  const auto memory = add<MemoryDriver>("memory", size_t{64});
  EXPECT_DEATH(
      {
        BlockBackend disk("disk", {});
        (void)disk.insert(memory.node);
      },
      "block backend 'disk' is destroyed while it leads to node 'memory'");
}

TEST_F(GraphMisuseDeathTest, ADestroyedGraphThatIsNotEmpty) {
  EXPECT_DEATH(
      {
        MainLoop::assert_here();
        Graph other;
        (void)other.add("memory", std::make_unique<MemoryDriver>(64), main());
      },
      "a graph is destroyed while it has node 'memory'");
}

TEST_F(GraphMisuseDeathTest, DrainingWhileReading) {
  MainLoop::assert_here();
  const auto memory = add<MemoryDriver>("memory", size_t{64});
  EXPECT_DEATH(([&]() LV_NO_THREAD_SAFETY_ANALYSIS("breaks it") {
                 GraphLock::main_rdlock();
                 // lockvet: allow(lock-excluded) the misuse is what is tested
                 const DrainedSection drained(memory.node);
               }()),
               "the main loop polls or takes the graph lock at .* while it holds that for reading");
}

TEST_F(GraphMisuseDeathTest, DrainingInACoroutine) {
  MainLoop::assert_here();
  const auto memory = add<MemoryDriver>("memory", size_t{64});
  EXPECT_DEATH(in_coroutine(main(),
                            [&]() LV_COROUTINE_FN LV_NO_THREAD_SAFETY_ANALYSIS("breaks it") {
                              // lockvet: allow(no-coroutine-call) the misuse is what is tested
                              const DrainedSection drained(memory.node);
                              // lockvet: allow(no-coroutine-call) the misuse is what is tested
                            }),
               "is done in a coroutine: it could not poll there");
}

TEST_F(GraphMisuseDeathTest, ASectionThatEndsTwice) {
  MainLoop::assert_here();
  const auto memory = add<MemoryDriver>("memory", size_t{64});
  EXPECT_DEATH(
      {
        const MainGraphReadLock lock;
        memory.node.quiesce_end();
      },
      "a drained section of node 'memory' ends that has not begun");
}

TEST_F(GraphMisuseDeathTest, AGateThatIsOpenedTwiceOrDestroyedWhileClosed) {
  MainLoop::assert_here();
  EXPECT_DEATH(
      {
        Gate gate;
        gate.open();
      },
      "a gate that is not closed is opened at .*graph_misuse_test");
  EXPECT_DEATH(
      {
        Gate gate;
        gate.close();
      },
      "a gate is destroyed while it is closed: a drained section is not over");
}

} // namespace
} // namespace lockvet::runtime

#endif
