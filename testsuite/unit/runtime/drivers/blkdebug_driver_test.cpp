// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The filter that misbehaves: each kind of rule, and whom it applies to.

#include "runtime/drivers/blkdebug_driver.h"
#include "testsuite/unit/runtime/drivers/driver_fixture.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"

namespace lockvet::runtime {
namespace {

using Operation = BlkdebugDriver::Operation;
using Rule = BlkdebugDriver::Rule;

const std::error_code no_memory = std::make_error_code(std::errc::not_enough_memory);
const std::error_code io_error = std::make_error_code(std::errc::io_error);

class BlkdebugDriverTest : public DriverTest {
protected:
  BlkdebugDriverTest() {
    MainLoop::assert_here();
    auto driver = std::make_unique<BlkdebugDriver>();
    debug_ = driver.get();
    node_ = &add_node("blkdebug", std::move(driver));
    attach(*node_, "file", EdgeRole::filtered, add<MemoryDriver>("memory", size_t{10'000}).node);
    disk_ = &backend(growing);
    EXPECT_TRUE(disk_->insert(*node_));
  }

  BlkdebugDriver& debug() { return *debug_; }
  BlockBackend& disk() { return *disk_; }
  Node& node() { return *node_; }
  std::error_code write_at(uint64_t offset, size_t size) {
    return write(*disk_, offset, Bytes(size));
  }
  std::error_code read_at(uint64_t offset, size_t size) {
    Bytes data(size);
    return ask([&]() LV_COROUTINE_FN { return disk_->co_preadv(offset, view(data)); });
  }

private:
  BlkdebugDriver* debug_;
  Node* node_;
  BlockBackend* disk_;
};

TEST_F(BlkdebugDriverTest, WithoutRulesDoesNothing) {
  const Bytes data = random_bytes(1'000);
  EXPECT_FALSE(write(disk(), 100, data));
  EXPECT_EQ(read(disk(), 100, 1'000), data);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk().co_length(); }), 10'000U);
}

TEST_F(BlkdebugDriverTest, FailsOperationsOfAKind) {
  const unsigned rule =
      debug().add_rule({.operations = Operation::write | Operation::flush, .error = no_memory});
  EXPECT_EQ(write_at(0, 10), no_memory);
  EXPECT_FALSE(read_at(0, 10));
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk().co_flush(); }), no_memory);
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk().co_discard(0, 10); }));
  debug().remove_rule(rule);
  EXPECT_FALSE(write_at(0, 10));
}

TEST_F(BlkdebugDriverTest, KnowsEachKind) {
  debug().add_rule({.error = no_memory});
  EXPECT_EQ(read_at(0, 10), no_memory);
  EXPECT_EQ(write_at(0, 10), no_memory);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk().co_flush(); }), no_memory);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk().co_discard(0, 10); }), no_memory);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk().co_pwrite_zeroes(0, 10); }), no_memory);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk().co_truncate(10); }), no_memory);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk().co_block_status(0, 10); }).error(),
            no_memory);
}

TEST_F(BlkdebugDriverTest, FailsWhatTouchesARange) {
  debug().add_rule({.offset = 1'000, .size = 100, .error = io_error});
  EXPECT_FALSE(write_at(900, 100));
  EXPECT_EQ(write_at(900, 101), io_error);
  EXPECT_EQ(read_at(0, 10'000), io_error);
  EXPECT_EQ(read_at(1'050, 1), io_error);
  EXPECT_EQ(read_at(1'099, 50), io_error);
  EXPECT_FALSE(read_at(1'100, 50));
}

TEST_F(BlkdebugDriverTest, CountsBeforeAndOnlyOnce) {
  debug().add_rule({.operations = Operation::write, .after = 2, .once = true, .error = io_error});
  debug().add_rule({.operations = Operation::write, .after = 4, .error = no_memory});
  EXPECT_FALSE(write_at(0, 10));
  EXPECT_FALSE(read_at(0, 10));
  EXPECT_FALSE(write_at(0, 10));
  // The second rule is not asked about what the first one has.
  EXPECT_EQ(write_at(0, 10), io_error);
  EXPECT_FALSE(write_at(0, 10));
  EXPECT_FALSE(write_at(0, 10));
  EXPECT_EQ(write_at(0, 10), no_memory);
  EXPECT_EQ(write_at(0, 10), no_memory);
}

TEST_F(BlkdebugDriverTest, TearsWrites) {
  debug().add_rule({.operations = Operation::write, .once = true, .torn_after = 600});
  debug().add_rule({.operations = Operation::write_zeroes, .torn_after = 100, .error = no_memory});
  const Bytes data = random_bytes(1'000);
  EXPECT_EQ(write(disk(), 50, data), io_error);
  Bytes expected(1'000);
  std::copy_n(data.begin(), 600, expected.begin());
  EXPECT_EQ(read(disk(), 50, 1'000), expected);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk().co_pwrite_zeroes(50, 1'000); }), no_memory);
  std::fill_n(expected.begin(), 100, std::byte{0});
  EXPECT_EQ(read(disk(), 50, 1'000), expected);
}

TEST_F(BlkdebugDriverTest, TakesTime) {
  debug().add_rule({.operations = Operation::read, .delay = std::chrono::milliseconds(20)});
  const auto before = Clock::now();
  EXPECT_FALSE(read_at(0, 10));
  EXPECT_GE(Clock::now() - before, std::chrono::milliseconds(20));
}

// Requests of other threads wait at a breakpoint, and the graph lock is free meanwhile.
TEST_F(BlkdebugDriverTest, HoldsRequestsAtABreakpoint) {
  MainLoop::assert_here();
  start_threads(2);
  debug().add_rule({.operations = Operation::write, .breakpoint = "here"});
  debug().add_rule({.operations = Operation::read, .breakpoint = "there", .error = io_error});
  std::atomic<unsigned> written = 0;
  std::atomic<unsigned> failed = 0;
  for (unsigned number = 0; number < 3; ++number) {
    ASSERT_TRUE(Coroutine::spawn(io(number % 2), [&]() LV_COROUTINE_FN {
      EXPECT_FALSE(disk().co_pwritev(0, view(Bytes(10))));
      ++written;
    }));
    ASSERT_TRUE(Coroutine::spawn(io(number % 2), [&]() LV_COROUTINE_FN {
      Bytes data(10);
      EXPECT_EQ(disk().co_preadv(0, view(data)), io_error);
      ++failed;
    }));
  }
  run_until([&] { return debug().suspended("here") == 3 && debug().suspended("there") == 3; });
  {
    const GraphWriteLock lock;
  }
  EXPECT_EQ(written + failed, 0U);
  EXPECT_EQ(debug().resume("elsewhere"), 0U);
  EXPECT_EQ(debug().resume("here"), 3U);
  run_until([&] { return written == 3; });
  EXPECT_EQ(failed, 0U);
  EXPECT_EQ(debug().suspended("there"), 3U);

  // A drained section waits for them, until a callback lets them go.
  ASSERT_TRUE(main().schedule([&] { debug().resume("there"); }));
  const DrainedSection drained(node());
  EXPECT_EQ(debug().suspended("there"), 0U);
  run_until([&] { return failed == 3; });
  end_threads();
}

} // namespace
} // namespace lockvet::runtime
