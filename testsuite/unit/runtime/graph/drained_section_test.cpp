// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Drained sections: who is quiet in them, who is not, and what they wait for.

#include "runtime/graph/drained_section.h"
#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"

#include <optional>

namespace lockvet::runtime {
namespace {

constexpr Permissions shares_all{.used = Permission::consistent_read | Permission::write};

class DrainedSectionTest : public GraphTest {
protected:
  // Two disks, each with a filter of its own, over one memory.
  struct Pair {
    Added<MemoryDriver> memory;
    Added<FilterDriver> left;
    Added<FilterDriver> right;
    BlockBackend& left_disk;
    BlockBackend& right_disk;
  };
  Pair make_pair() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    Pair pair{.memory = add<MemoryDriver>("memory", size_t{64}),
              .left = add<FilterDriver>("left"),
              .right = add<FilterDriver>("right"),
              .left_disk = backend({.permissions = shares_all}),
              .right_disk = backend({.permissions = shares_all})};
    Transaction transaction;
    transaction.attach(pair.left.node, "file", EdgeRole::filtered, pair.memory.node);
    transaction.attach(pair.right.node, "file", EdgeRole::filtered, pair.memory.node);
    EXPECT_TRUE(transaction.commit());
    EXPECT_TRUE(pair.left_disk.insert(pair.left.node));
    EXPECT_TRUE(pair.right_disk.insert(pair.right.node));
    return pair;
  }

  // Sends one request, and says whether it has ended by the flag. Each has a byte of its own, since
  // the memory is not for two that write one at the same time.
  void send(BlockBackend& disk, AioContext& context, std::atomic<bool>& ended) {
    const uint64_t offset = next_offset_++;
    ASSERT_TRUE(Coroutine::spawn(context, [&, offset]() LV_COROUTINE_FN {
      char byte = 1;
      EXPECT_EQ(disk.co_pwritev(offset, {&byte, 1}), std::error_code());
      ended = true;
    }));
  }

private:
  uint64_t next_offset_ = 0;
};

TEST_F(DrainedSectionTest, HoldsBackRequestsOfAllParents) {
  MainLoop::assert_here();
  start_threads(1);
  const Pair pair = make_pair();
  std::atomic<bool> left = false;
  std::atomic<bool> right = false;
  {
    const DrainedSection drained(pair.memory.node);
    EXPECT_EQ(pair.memory.driver.drained, 1);
    EXPECT_EQ(pair.left.driver.drained, 1) << "its requests would come here";
    send(pair.left_disk, io(0), left);
    send(pair.right_disk, main(), right);
    run_some_turns();
    EXPECT_EQ(pair.left.driver.requests + pair.right.driver.requests, 0);
  }
  EXPECT_EQ(pair.memory.driver.drained + pair.left.driver.drained, 0);
  run_until([&] { return left && right; });
  EXPECT_EQ(pair.memory.driver.requests, 2);
}

TEST_F(DrainedSectionTest, LeavesOthersAlone) {
  MainLoop::assert_here();
  const Pair pair = make_pair();
  std::atomic<bool> left = false;
  std::atomic<bool> right = false;
  {
    const DrainedSection drained(pair.left.node);
    send(pair.left_disk, main(), left);
    send(pair.right_disk, main(), right);
    run_until([&] { return right.load(); });
    EXPECT_FALSE(left);
    EXPECT_EQ(pair.memory.driver.drained, 0);
  }
  run_until([&] { return left.load(); });
}

TEST_F(DrainedSectionTest, OfASubtreeQuietsTheOtherParentsOfWhatIsBelow) {
  MainLoop::assert_here();
  const Pair pair = make_pair();
  std::atomic<bool> right = false;
  {
    const DrainedSection drained(DrainedSection::subtree(pair.left.node));
    EXPECT_EQ(drained.quiet().size(), 2U);
    send(pair.right_disk, main(), right);
    run_some_turns();
    EXPECT_FALSE(right);
  }
  run_until([&] { return right.load(); });
}

TEST_F(DrainedSectionTest, OfAllNodes) {
  MainLoop::assert_here();
  const Pair pair = make_pair();
  {
    const DrainedSection drained(DrainedSection::all(graph()));
    for (const NotingDriver* driver : {static_cast<NotingDriver*>(&pair.memory.driver),
                                       static_cast<NotingDriver*>(&pair.left.driver),
                                       static_cast<NotingDriver*>(&pair.right.driver)})
      EXPECT_EQ(driver->drained, 1);
  }
  EXPECT_EQ(pair.left.driver.drained, 0);
}

TEST_F(DrainedSectionTest, NestsInAnyOrder) {
  MainLoop::assert_here();
  const Pair pair = make_pair();
  std::atomic<bool> left = false;
  std::optional<DrainedSection> first(std::in_place, pair.left.node);
  std::optional<DrainedSection> second(std::in_place, pair.memory.node);
  std::optional<DrainedSection> third(std::in_place, pair.left.node);
  send(pair.left_disk, main(), left);
  first.reset();
  run_some_turns();
  third.reset();
  run_some_turns();
  EXPECT_FALSE(left) << "the middle one is in force";
  second.reset();
  run_until([&] { return left.load(); });
}

TEST_F(DrainedSectionTest, WaitsForRequestsInFlight) {
  MainLoop::assert_here();
  start_threads(1);
  const Pair pair = make_pair();
  for (const bool pause : {true, false}) {
    std::atomic<bool> left = false;
    pair.memory.driver.pause_lock = pause;
    pair.memory.driver.hold = true;
    send(pair.left_disk, io(0), left);
    run_until([&] { return pair.memory.driver.in_flight == 1; });
    ASSERT_TRUE(main().schedule([&] {
      EXPECT_FALSE(left);
      pair.memory.driver.hold = false;
    }));
    const DrainedSection drained(pair.memory.node);
    EXPECT_FALSE(pair.memory.driver.hold);
    EXPECT_EQ(pair.memory.driver.in_flight, 0);
    run_until([&] { return left.load(); });
  }
}

TEST_F(DrainedSectionTest, WaitsForWhatADriverDoesByItself) {
  MainLoop::assert_here();
  start_threads(1);
  const Pair pair = make_pair();
  std::atomic<bool> started = false;
  std::atomic<bool> go = false;
  std::atomic<int> rounds = 0;
  std::atomic<bool> ended = false;
  ASSERT_TRUE(Coroutine::spawn(io(0), [&]() LV_COROUTINE_FN {
    for (int round = 0; round < 2; ++round) {
      pair.memory.node.activity().co_enter();
      started = true;
      while (!go) {
        io(0).assert_home();
        (void)co_sleep_until(io(0), Clock::now() + std::chrono::microseconds(1), nullptr);
      }
      ++rounds;
      pair.memory.node.activity().leave();
    }
    ended = true;
  }));
  run_until([&] { return started.load(); });
  ASSERT_TRUE(main().schedule([&] { go = true; }));
  {
    const DrainedSection drained(pair.memory.node);
    const int so_far = rounds;
    EXPECT_GE(so_far, 1);
    run_some_turns();
    EXPECT_EQ(rounds, so_far) << "the next round does not begin";
  }
  run_until([&] { return ended.load(); });
  EXPECT_EQ(rounds, 2);
}

// A callback drains while a writer waits for a request, which waits for the graph lock, as the
// writer is before it. The writer has to step back.
TEST_F(DrainedSectionTest, BeginsInACallbackWhileAWriterWaits) {
  MainLoop::assert_here();
  start_threads(1);
  const Pair pair = make_pair();
  std::atomic<bool> left = false;
  std::atomic<bool> right = false;
  // The first holds the graph lock, so that the writer waits.
  pair.right.driver.pause_lock = false;
  pair.right.driver.hold = true;
  send(pair.right_disk, io(0), right);
  run_until([&] { return pair.right.driver.in_flight == 1; });
  bool drained_inside = false;
  ASSERT_TRUE(main().schedule([&] {
    send(pair.left_disk, main(), left);
    // It has begun, and waits for the lock, before the section begins.
    ASSERT_TRUE(main().schedule([&] {
      MainLoop::assert_here();
      const DrainedSection drained(pair.left.node);
      EXPECT_TRUE(left);
      drained_inside = true;
      pair.right.driver.hold = false;
    }));
  }));
  {
    const GraphWriteLock lock;
    EXPECT_TRUE(drained_inside);
  }
  run_until([&] { return right.load(); });
}

TEST_F(DrainedSectionTest, AnEdgeToADrainedNodeIsQuietFromTheBeginning) {
  MainLoop::assert_here();
  const Pair pair = make_pair();
  BlockBackend& third = backend({.permissions = shares_all});
  std::atomic<bool> ended = false;
  {
    const DrainedSection drained(pair.memory.node);
    ASSERT_TRUE(third.insert(pair.left.node));
    send(third, main(), ended);
    run_some_turns();
    EXPECT_FALSE(ended);
    ASSERT_TRUE(pair.right_disk.remove());
    ASSERT_TRUE(pair.right_disk.insert(pair.left.node));
  }
  run_until([&] { return ended.load(); });
  // Whoever was drained when an edge was taken away goes on.
  std::atomic<bool> right = false;
  send(pair.right_disk, main(), right);
  run_until([&] { return right.load(); });
}

TEST_F(DrainedSectionTest, ANodeInItIsNotRemoved) {
  MainLoop::assert_here();
  const auto memory = add<MemoryDriver>("memory", size_t{64});
  {
    const DrainedSection drained(memory.node);
    const auto removed = graph().remove(memory.node);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().message, "node 'memory' is in a drained section.");
  }
  EXPECT_TRUE(graph().remove(memory.node));
  EXPECT_EQ(graph().find("memory"), nullptr);
}

} // namespace
} // namespace lockvet::runtime
