// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes get another home context: in whose thread, with what below them, and who can refuse.

#include "runtime/graph/context_move.h"
#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"

namespace lockvet::runtime {
namespace {

class ContextMoveTest : public GraphTest {
protected:
  AioContext* home_of(const Node& node) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    return &node.context();
  }
};

TEST_F(ContextMoveTest, TakesTheSubtreeAlong) {
  MainLoop::assert_here();
  start_threads(2);
  const auto base = add<MemoryDriver>("base", size_t{64});
  const auto other = add<FilterDriver>("other");
  const auto top = add<FilterDriver>("top");
  Transaction build;
  build.attach(top.node, "file", EdgeRole::filtered, base.node);
  build.attach(other.node, "file", EdgeRole::filtered, base.node);
  ASSERT_TRUE(build.commit());
  ASSERT_TRUE(move_subtree(top.node, io(0)));
  EXPECT_EQ(home_of(top.node), &io(0));
  EXPECT_EQ(home_of(base.node), &io(0));
  EXPECT_EQ(home_of(other.node), &main());
  EXPECT_EQ(top.driver.attached, &io(0));
  EXPECT_EQ(base.driver.attached, &io(0));
  ASSERT_TRUE(move_subtree(top.node, io(1)));
  EXPECT_EQ(base.driver.attached, &io(1));
  EXPECT_EQ(base.driver.moves, 3);
  ASSERT_TRUE(move_subtree(top.node, io(1)));
  EXPECT_EQ(base.driver.moves, 3) << "it was there already";
}

TEST_F(ContextMoveTest, IsRefusedByAParent) {
  MainLoop::assert_here();
  start_threads(1);
  const auto base = add<MemoryDriver>("base", size_t{64});
  const auto top = add<FilterDriver>("top");
  Transaction build;
  build.attach(top.node, "file", EdgeRole::filtered, base.node);
  ASSERT_TRUE(build.commit());
  BlockBackend& disk = backend({.context_change = false});
  ASSERT_TRUE(disk.insert(base.node));
  const auto refused = move_subtree(top.node, io(0));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "block backend 'disk0' wants node 'base' to stay in its context.");
  EXPECT_EQ(home_of(top.node), &main());
  EXPECT_EQ(top.driver.moves, 1);
}

TEST_F(ContextMoveTest, IsRefusedByAContextThatHasEnded) {
  MainLoop::assert_here();
  const auto base = add<MemoryDriver>("base", size_t{64});
  const auto ended = std::move(*AioContext::create());
  ended->assert_home();
  ended->stop();
  ended->loop();
  const auto refused = move_subtree(base.node, *ended);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "the context for node 'base' has ended.");
  EXPECT_FALSE(graph().add("more", std::make_unique<MemoryDriver>(1), *ended));
  EXPECT_EQ(graph().find("more"), nullptr);
}

TEST_F(ContextMoveTest, ACallbackMeanwhileIsKeptOff) {
  MainLoop::assert_here();
  start_threads(2);
  const auto base = add<MemoryDriver>("base", size_t{64});
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(base.node));
  base.driver.hold = true;
  ASSERT_TRUE(Coroutine::spawn(io(1), [&]() LV_COROUTINE_FN {
    char byte = 0;
    EXPECT_EQ(disk.co_preadv(0, {&byte, 1}), std::error_code());
  }));
  run_until([&] { return base.driver.in_flight == 1; });
  bool tried = false;
  ASSERT_TRUE(main().schedule([&] {
    MainLoop::assert_here();
    const auto refused = move_subtree(base.node, io(1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "node 'base' is on its way already.");
    EXPECT_FALSE(graph().remove(base.node));
    base.driver.hold = false;
    tried = true;
  }));
  ASSERT_TRUE(move_subtree(base.node, io(0)));
  EXPECT_TRUE(tried);
  EXPECT_EQ(home_of(base.node), &io(0));
}

TEST_F(ContextMoveTest, UnderLoad) {
  MainLoop::assert_here();
  start_threads(4);
  const auto base = add_in<HomeOnlyDriver>(io(0), "base", size_t{64});
  BlockBackend& disk = backend();
  ASSERT_TRUE(disk.insert(base.node));
  std::atomic<bool> stop = false;
  std::atomic<int> running = 4;
  std::atomic<int> written = 0;
  for (unsigned number = 0; number < 4; ++number)
    ASSERT_TRUE(Coroutine::spawn(io(number), [&, number]() LV_COROUTINE_FN {
      char byte = 1;
      while (!stop) {
        EXPECT_EQ(disk.co_pwritev(number, {&byte, 1}), std::error_code());
        ++written;
      }
      --running;
    }));
  for (unsigned move = 1; move < 40; ++move)
    ASSERT_TRUE(move_subtree(base.node, move % 5 == 4 ? main() : io(move % 5)));
  stop = true;
  run_until([&] { return running == 0; });
  EXPECT_EQ(base.driver.not_atomic, written);
}

} // namespace
} // namespace lockvet::runtime
