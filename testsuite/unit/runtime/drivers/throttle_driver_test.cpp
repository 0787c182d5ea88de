// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Throttling: token buckets, groups that take turns, and what drained sections do to those who
// wait. Time is what the test says, but for one test, which looks that there is not too little of
// it.

#include "runtime/drivers/throttle_driver.h"
#include "runtime/graph/context_move.h"
#include "testsuite/unit/runtime/drivers/driver_fixture.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"

namespace lockvet::runtime {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using Direction = ThrottleDirection;

constexpr nanoseconds none = nanoseconds::zero();
const Clock::time_point start = Clock::time_point(seconds(1'000'000));

TEST(TokenBucket, HasABurstAndThenARate) {
  TokenBucket bucket;
  bucket.set_limit({.rate = 10, .burst = 3}, start);
  for (int token = 0; token < 3; ++token) {
    EXPECT_EQ(bucket.wait(start), none);
    bucket.take(1, start);
  }
  EXPECT_EQ(bucket.wait(start), milliseconds(100));
  EXPECT_EQ(bucket.wait(start + milliseconds(60)), milliseconds(40));
  EXPECT_EQ(bucket.wait(start + milliseconds(100)), none);
  // No more than a burst is kept.
  for (int token = 0; token < 3; ++token)
    bucket.take(1, start + seconds(100));
  EXPECT_EQ(bucket.wait(start + seconds(100)), milliseconds(100));
}

TEST(TokenBucket, WhatIsLargeGoesWholeAndIsPaidForLater) {
  TokenBucket bucket;
  bucket.set_limit({.rate = 100, .burst = 10}, start);
  bucket.take(110, start);
  EXPECT_EQ(bucket.wait(start), milliseconds(1'010));
}

TEST(TokenBucket, KeepsWhatItHasWhenLimitsChange) {
  TokenBucket bucket;
  EXPECT_FALSE(bucket.limited());
  bucket.take(1'000'000, start);
  EXPECT_EQ(bucket.wait(start), none);
  bucket.set_limit({.rate = 100}, start);
  EXPECT_EQ(bucket.wait(start), none);
  bucket.take(10, start);
  EXPECT_EQ(bucket.wait(start), milliseconds(10));
  bucket.set_limit({.rate = 1'000}, start);
  EXPECT_EQ(bucket.wait(start), milliseconds(1));
  bucket.set_limit({}, start);
  EXPECT_EQ(bucket.wait(start), none);
}

// However slow it is, and whatever the clock says.
TEST(TokenBucket, WaitsForAFiniteTime) {
  TokenBucket bucket;
  bucket.set_limit({.rate = 1e-9}, start);
  bucket.take(1e18, start);
  EXPECT_GT(bucket.wait(start - seconds(1)), seconds(1'000));
  EXPECT_LT(bucket.wait(start), seconds(10'000'000));
}

TEST(ThrottleBuckets, HoldToEachLimit) {
  const auto wait_after = [](const ThrottleLimits& limits, Direction taken, Direction asked) {
    ThrottleBuckets buckets;
    buckets.set_limits(limits, start);
    EXPECT_TRUE(buckets.limited());
    EXPECT_EQ(buckets.wait(taken, start), none);
    buckets.take(taken, 100, start);
    return buckets.wait(asked, start);
  };
  const TokenBucket::Limit one = {.rate = 1, .burst = 1};
  constexpr auto read = Direction::read;
  constexpr auto write = Direction::write;
  for (const auto& [limits, reads, writes] :
       std::initializer_list<std::tuple<ThrottleLimits, seconds, seconds>>{
           {{.bytes = one}, seconds(100), seconds(100)},
           {{.bytes_read = one}, seconds(100), seconds(0)},
           {{.requests = one}, seconds(1), seconds(1)},
           {{.reads = one}, seconds(1), seconds(0)},
           {{.bytes_written = one}, seconds(0), seconds(0)},
           {{.writes = one}, seconds(0), seconds(0)}}) {
    EXPECT_EQ(wait_after(limits, read, read), reads);
    EXPECT_EQ(wait_after(limits, read, write), writes);
  }
  EXPECT_EQ(wait_after({.bytes_written = one}, write, write), seconds(100));
  EXPECT_EQ(wait_after({.writes = one}, write, write), seconds(1));
  EXPECT_EQ(wait_after({.writes = one}, write, read), none);
}

class ThrottleDriverTest : public DriverTest {
protected:
  struct Throttled {
    Node& node;
    ThrottleDriver& driver;
    BlockBackend& disk;
  };

  // One request a second, of either kind.
  std::shared_ptr<ThrottleGroup> make_group(ThrottleLimits limits = {
                                                .requests = {.rate = 1, .burst = 1}}) {
    return std::make_shared<ThrottleGroup>(limits, [this] { return start + passed_.load(); });
  }
  Throttled add_throttled(const std::string& name,
                          std::shared_ptr<ThrottleGroup> group) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    auto driver = std::make_unique<ThrottleDriver>(std::move(group));
    ThrottleDriver& added = *driver;
    Node& node = add_node(name, std::move(driver));
    attach(node, "file", EdgeRole::filtered,
           add<MemoryDriver>(name + "-memory", size_t{1'000}).node);
    BlockBackend& disk = backend();
    EXPECT_TRUE(disk.insert(node));
    return {node, added, disk};
  }

  // Sends a request, and notes its name when it has ended.
  void send(AioContext& context, BlockBackend& disk, Direction direction, std::string name) {
    ++sent_;
    ASSERT_TRUE(Coroutine::spawn(context, [this, &disk, direction, name]() LV_COROUTINE_FN {
      Bytes data(10);
      EXPECT_FALSE(direction == Direction::read ? disk.co_preadv(0, view(data))
                                                : disk.co_pwritev(0, view(data)));
      ThreadLock lock(mutex_);
      ended_ += name;
    }));
  }
  // The names of those that have ended, in that order.
  std::string ended() {
    ThreadLock lock(mutex_);
    return ended_;
  }
  void wait_for_end(size_t count) {
    run_until([&] { return ended().size() == count; });
  }
  void wait_for_line(const ThrottleDriver& driver, size_t count) {
    run_until([&] { return driver.waiting() == count; });
  }
  void pass(nanoseconds time) { passed_ = passed_.load() + time; }

private:
  std::atomic<nanoseconds> passed_ = none;
  ThreadMutex mutex_;
  std::string ended_ LV_GUARDED_BY(mutex_);
  size_t sent_ = 0;
};

TEST_F(ThrottleDriverTest, WithoutLimitsPassesAllOn) {
  MainLoop::assert_here();
  const auto throttled = add_throttled("throttle", make_group({}));
  const Bytes data = random_bytes(100);
  EXPECT_FALSE(write(throttled.disk, 10, data));
  EXPECT_EQ(read(throttled.disk, 10, 100), data);
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return throttled.disk.co_pwrite_zeroes(10, 50); }));
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return throttled.disk.co_discard(900, 50); }));
  EXPECT_EQ(read(throttled.disk, 10, 50), Bytes(50));
}

// One line for each disk and direction, and each has its turn, however many wait in it.
TEST_F(ThrottleDriverTest, DisksOfAGroupTakeTurns) {
  MainLoop::assert_here();
  start_threads(2);
  const auto group = make_group();
  const auto first = add_throttled("first", group);
  const auto second = add_throttled("second", group);
  const auto third = add_throttled("third", group);
  send(io(0), first.disk, Direction::write, "-");
  wait_for_end(1);
  for (size_t number = 1; number <= 4; ++number) {
    send(io(number % 2), first.disk, Direction::write, "a");
    wait_for_line(first.driver, number);
  }
  send(io(1), second.disk, Direction::write, "b");
  send(io(1), second.disk, Direction::write, "b");
  send(main(), third.disk, Direction::write, "c");
  wait_for_line(second.driver, 2);
  wait_for_line(third.driver, 1);
  group->wake_due();
  run_some_turns();
  EXPECT_EQ(ended(), "-");
  for (size_t number = 2; number <= 8; ++number) {
    pass(milliseconds(999));
    group->wake_due();
    run_some_turns();
    EXPECT_EQ(ended().size(), number - 1);
    pass(milliseconds(1));
    group->wake_due();
    wait_for_end(number);
  }
  EXPECT_EQ(ended(), "-bcabaaa");
  end_threads();
}

// Reads do not keep writes from the tokens that both need.
TEST_F(ThrottleDriverTest, DirectionsTakeTurns) {
  MainLoop::assert_here();
  const auto group = make_group();
  const auto throttled = add_throttled("throttle", group);
  send(main(), throttled.disk, Direction::read, "-");
  for (size_t number = 1; number <= 3; ++number) {
    send(main(), throttled.disk, Direction::read, "r");
    wait_for_line(throttled.driver, 2 * number - 1);
    send(main(), throttled.disk, Direction::write, "w");
    wait_for_line(throttled.driver, 2 * number);
  }
  for (size_t number = 2; number <= 7; ++number) {
    pass(seconds(1));
    group->wake_due();
    wait_for_end(number);
  }
  EXPECT_TRUE(ended() == "-rwrwrw" || ended() == "-wrwrwr") << ended();
}

// Nobody waits for tokens while somebody waits for the disk to be quiet.
TEST_F(ThrottleDriverTest, ADrainedSectionLetsAllGo) {
  MainLoop::assert_here();
  start_threads(1);
  const auto group = make_group();
  const auto first = add_throttled("first", group);
  const auto second = add_throttled("second", group);
  send(io(0), first.disk, Direction::write, "-");
  wait_for_end(1);
  for (int number = 0; number < 3; ++number) {
    send(io(0), first.disk, Direction::write, "a");
    send(io(0), first.disk, Direction::read, "a");
    send(io(0), second.disk, Direction::write, "b");
  }
  wait_for_line(first.driver, 6);
  wait_for_line(second.driver, 3);
  {
    const DrainedSection drained(first.node);
    EXPECT_EQ(first.driver.waiting(), 0U);
    wait_for_end(7);
    EXPECT_EQ(ended(), "-aaaaaa");
    EXPECT_EQ(second.driver.waiting(), 3U);
  }
  // They are in debt for that.
  send(io(0), first.disk, Direction::write, "a");
  wait_for_line(first.driver, 1);
  pass(seconds(6));
  group->wake_due();
  run_some_turns();
  EXPECT_EQ(ended(), "-aaaaaa");
  // Also when the disk is taken away.
  EXPECT_TRUE(second.disk.remove());
  wait_for_end(10);
  EXPECT_EQ(ended(), "-aaaaaabbb");
  group->set_limits({});
  wait_for_end(11);
  end_threads();
}

TEST_F(ThrottleDriverTest, NewLimitsHoldForThoseWhoWait) {
  MainLoop::assert_here();
  const auto group = make_group({.bytes_written = {.rate = 1, .burst = 1}});
  const auto throttled = add_throttled("throttle", group);
  for (int number = 0; number < 3; ++number)
    send(main(), throttled.disk, Direction::write, "w");
  wait_for_line(throttled.driver, 2);
  send(main(), throttled.disk, Direction::read, "r");
  // A read has nothing to wait for.
  group->set_limits({.bytes_written = {.rate = 1'000, .burst = 1}});
  pass(milliseconds(9));
  group->wake_due();
  wait_for_end(2);
  pass(milliseconds(1));
  group->wake_due();
  wait_for_end(3);
  group->set_limits({});
  wait_for_end(4);
}

// By timers, and no sooner, while the disk goes from one context to the other: the clock's time.
TEST_F(ThrottleDriverTest, TimersLetRequestsGo) {
  MainLoop::assert_here();
  start_threads(2);
  const auto group =
      std::make_shared<ThrottleGroup>(ThrottleLimits{.requests = {.rate = 500, .burst = 1}});
  const auto first = add_throttled("first", group);
  const auto second = add_throttled("second", group);
  const auto before = Clock::now();
  for (unsigned number = 0; number < 20; ++number) {
    send(io(number % 2), first.disk, Direction::write, "a");
    send(io(number % 2), second.disk, Direction::read, "b");
  }
  // Of the second disk requests go on without limit when it moves.
  EXPECT_TRUE(move_subtree(second.node, io(0)));
  EXPECT_TRUE(move_subtree(second.node, io(1)));
  wait_for_end(40);
  EXPECT_GE(Clock::now() - before, milliseconds(2 * 19));
  EXPECT_TRUE(move_subtree(second.node, main()));
  end_threads();
}

} // namespace
} // namespace lockvet::runtime
