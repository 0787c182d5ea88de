// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The log of writes: what it says byte by byte, and that replaying it gives the disk as it was
// after each flush and mark.

#include "runtime/drivers/blkdebug_driver.h"
#include "runtime/drivers/blklogwrites_driver.h"
#include "testsuite/unit/runtime/drivers/write_log_reader.h"

namespace lockvet::runtime {
namespace {

class BlkLogWritesDriverTest : public DriverTest {
protected:
  // A disk of that content that logs, and misbehaves below if it is told to.
  BlockBackend& logging_disk(const Bytes& content, BlkLogWritesDriver::Options options = {})
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    auto debug = std::make_unique<BlkdebugDriver>();
    debug_ = debug.get();
    auto driver = std::make_unique<BlkLogWritesDriver>(options);
    driver_ = driver.get();
    Node& node = add_node("blklogwrites", std::move(driver));
    Node& debug_node = add_node("blkdebug", std::move(debug));
    attach(debug_node, "file", EdgeRole::filtered, add_file("file", make_file("disk", content)));
    attach(node, "file", EdgeRole::filtered, debug_node);
    attach(node, "log", EdgeRole::data, add_file("log", make_file("log", {})));
    BlockBackend& disk = backend(growing);
    const auto inserted = disk.insert(node);
    EXPECT_TRUE(inserted) << inserted.error().message;
    return disk;
  }

  BlkLogWritesDriver& driver() { return *driver_; }
  BlkdebugDriver& debug() { return *debug_; }
  WriteLog log() const { return parse_log(read_whole_file(path("log"))); }
  std::error_code flush(BlockBackend& disk) {
    return ask([&]() LV_COROUTINE_FN { return disk.co_flush(); });
  }
  std::error_code zero(BlockBackend& disk, uint64_t offset, uint64_t size) {
    return ask([&]() LV_COROUTINE_FN { return disk.co_pwrite_zeroes(offset, size); });
  }
  std::error_code discard(BlockBackend& disk, uint64_t offset, uint64_t size) {
    return ask([&]() LV_COROUTINE_FN { return disk.co_discard(offset, size); });
  }
  std::error_code mark(std::string_view text) {
    return ask([&]() LV_COROUTINE_FN { return driver_->co_mark(text); });
  }

private:
  BlkLogWritesDriver* driver_ = nullptr;
  BlkdebugDriver* debug_ = nullptr;
};

TEST_F(BlkLogWritesDriverTest, SaysWhatWasDone) {
  MainLoop::assert_here();
  const Bytes content = random_bytes(16'384);
  BlockBackend& disk = logging_disk(content);
  const Bytes one = random_bytes(1'024);
  const Bytes two = random_bytes(512);
  EXPECT_FALSE(write(disk, 512, one));
  EXPECT_FALSE(discard(disk, 4'096, 2'048));
  EXPECT_FALSE(discard(disk, 100, 700));
  EXPECT_FALSE(write(disk, 0, two, RequestFlags::force_unit_access));
  EXPECT_FALSE(zero(disk, 8'192, 4'096));
  EXPECT_FALSE(mark("here"));
  EXPECT_FALSE(flush(disk));
  const WriteLog log = this->log();
  EXPECT_EQ(log.sector_bytes, 512U);
  const auto expect_entry = [&](size_t number, uint64_t sector, uint64_t sectors, uint64_t flags,
                                const Bytes& data) {
    SCOPED_TRACE(number);
    const LoggedEntry& entry = log.entries.at(number);
    EXPECT_EQ(entry.sector, sector);
    EXPECT_EQ(entry.sectors, sectors);
    EXPECT_EQ(entry.flags, flags);
    EXPECT_EQ(entry.data, data);
  };
  ASSERT_EQ(log.entries.size(), 6U);
  expect_entry(0, 1, 2, 0, one);
  expect_entry(1, 8, 4, 4, {});
  expect_entry(2, 0, 1, 2, two);
  expect_entry(3, 16, 8, 0, Bytes(4'096));
  expect_entry(4, 0, 0, 8, {});
  EXPECT_EQ(log.entries[4].mark, "here");
  expect_entry(5, 0, 0, 1, {});
}

TEST_F(BlkLogWritesDriverTest, LogsWholeSectors) {
  MainLoop::assert_here();
  const Bytes content = random_bytes(10'000);
  BlockBackend& disk = logging_disk(content, {.sector = 4'096});
  const Bytes data = random_bytes(100);
  EXPECT_FALSE(write(disk, 9'950, data));
  EXPECT_FALSE(zero(disk, 4'000, 4'292));
  EXPECT_FALSE(flush(disk));
  const WriteLog log = this->log();
  EXPECT_EQ(log.sector_bytes, 4'096U);
  ASSERT_EQ(log.entries.size(), 5U);
  EXPECT_EQ(log.entries[0].sector, 2U);
  EXPECT_EQ(log.entries[0].sectors, 1U);
  Bytes replayed = replay(log, 5, content);
  replayed.resize(10'050);
  EXPECT_EQ(replayed, read_whole_file(path("disk")));
}

// Any requests: wherever there is a flush or a mark, the log has the disk as it was there.
TEST_F(BlkLogWritesDriverTest, ReplaysToEachFlush) {
  MainLoop::assert_here();
  const Bytes content = random_bytes(32'768);
  BlockBackend& disk = logging_disk(content, {.superblock_interval = 7});
  std::vector<Bytes> at_flush;
  for (int step = 0; step < 120; ++step) {
    const uint64_t unit = below(2) == 0 ? 512 : 1;
    const uint64_t offset = below(30'000) / unit * unit;
    const uint64_t size = unit * (1 + below(2'700 / unit));
    switch (below(8)) {
    case 0:
      EXPECT_FALSE(discard(disk, offset, size));
      break;
    case 1:
      EXPECT_FALSE(zero(disk, offset, size));
      break;
    case 2:
      EXPECT_FALSE(below(2) == 0 ? flush(disk) : mark("step"));
      at_flush.push_back(read_whole_file(path("disk")));
      break;
    default:
      EXPECT_FALSE(write(disk, offset, random_bytes(size)));
    }
  }
  EXPECT_FALSE(flush(disk));
  const WriteLog log = this->log();
  size_t flushes = 0;
  for (size_t number = 0; number + 1 < log.entries.size(); ++number)
    if (log.entries[number].is_flush() || log.entries[number].is_mark()) {
      SCOPED_TRACE(number);
      EXPECT_EQ(replay(log, number, content), at_flush.at(flushes++));
    }
  EXPECT_EQ(flushes, at_flush.size());
  EXPECT_EQ(replay(log, log.entries.size(), content), read_whole_file(path("disk")));
}

// Of several contexts at once, which share sectors and no bytes.
TEST_F(BlkLogWritesDriverTest, KeepsOrderBetweenContexts) {
  MainLoop::assert_here();
  start_threads(2);
  constexpr size_t part = 200;
  constexpr size_t parts = 40;
  const Bytes content(part * parts + 192);
  BlockBackend& disk = logging_disk(content);
  std::atomic<unsigned> ended = 0;
  for (size_t number = 0; number < parts; ++number)
    ASSERT_TRUE(Coroutine::spawn(io(number % 2), [&, number]() LV_COROUTINE_FN {
      for (size_t round = 1; round <= 4; ++round) {
        const Bytes data(part, static_cast<std::byte>(number * 5 + round));
        EXPECT_FALSE(disk.co_pwritev(number * part, view(data)));
      }
      if (number % 8 == 0) {
        EXPECT_FALSE(disk.co_flush());
      }
      ++ended;
    }));
  Node& node = *graph().find("blklogwrites");
  // Writers of the graph come between, and whoever waits for a lock of the driver does not stop
  // them.
  while (ended < parts) {
    {
      const DrainedSection drained(node);
    }
    {
      const GraphWriteLock lock;
    }
    run_some_turns();
  }
  EXPECT_FALSE(flush(disk));
  const WriteLog log = this->log();
  EXPECT_EQ(log.entries.size(), 4 * parts + parts / 8 + 1);
  EXPECT_EQ(replay(log, log.entries.size(), content), read_whole_file(path("disk")));
  end_threads();
}

// What is cut off does not come back, in the log as little as on the disk.
TEST_F(BlkLogWritesDriverTest, SaysThatTheLengthHasChanged) {
  MainLoop::assert_here();
  const Bytes content = random_bytes(8'192);
  BlockBackend& disk = logging_disk(content);
  const auto truncate = [&](uint64_t length) {
    return ask([&]() LV_COROUTINE_FN { return disk.co_truncate(length); });
  };
  EXPECT_FALSE(truncate(2'000));
  EXPECT_FALSE(truncate(6'000));
  EXPECT_FALSE(write(disk, 4'096, random_bytes(100)));
  EXPECT_FALSE(truncate(5'120));
  debug().add_rule({.operations = BlkdebugDriver::Operation::truncate,
                    .error = std::make_error_code(std::errc::io_error)});
  EXPECT_EQ(truncate(1'000), std::errc::io_error);
  const WriteLog log = this->log();
  std::vector<std::string> marks;
  for (const LoggedEntry& entry : log.entries)
    if (entry.is_mark())
      marks.push_back(entry.mark);
  EXPECT_EQ(marks, (std::vector<std::string>{"length 2000", "length 6000", "length 5120"}));
  // From the sector that it is in to the one that the old length was in.
  EXPECT_EQ(log.entries.at(0).sector, 3U);
  EXPECT_EQ(log.entries.at(0).sectors, 1U);
  EXPECT_EQ(log.entries.at(1).sector, 4U);
  EXPECT_EQ(log.entries.at(1).sectors, 12U);
  Bytes replayed = replay(log, log.entries.size(), content);
  ASSERT_EQ(replayed.size(), content.size());
  EXPECT_EQ(Bytes(replayed.begin() + 5'120, replayed.end()), Bytes(3'072));
  replayed.resize(5'120);
  EXPECT_EQ(replayed, read_whole_file(path("disk")));
}

TEST_F(BlkLogWritesDriverTest, DoesNotLogWhatHasFailed) {
  MainLoop::assert_here();
  BlockBackend& disk = logging_disk(Bytes(4'096));
  EXPECT_FALSE(write(disk, 0, Bytes(512)));
  const unsigned rule = debug().add_rule({.error = std::make_error_code(std::errc::io_error)});
  EXPECT_EQ(write(disk, 512, Bytes(512)), std::errc::io_error);
  EXPECT_EQ(write(disk, 600, Bytes(10)), std::errc::io_error);
  EXPECT_EQ(zero(disk, 512, 512), std::errc::io_error);
  EXPECT_EQ(discard(disk, 512, 512), std::errc::io_error);
  EXPECT_EQ(flush(disk), std::errc::io_error);
  debug().remove_rule(rule);
  EXPECT_FALSE(flush(disk));
  EXPECT_EQ(log().entries.size(), 2U);
}

TEST_F(BlkLogWritesDriverTest, MarksFitIntoASector) {
  MainLoop::assert_here();
  logging_disk(Bytes(4'096));
  EXPECT_FALSE(mark(std::string(479, 'x')));
  EXPECT_EQ(mark(std::string(480, 'x')), std::errc::invalid_argument);
  ASSERT_EQ(log().entries.size(), 1U);
  EXPECT_EQ(log().entries[0].mark, std::string(479, 'x'));
}

TEST_F(BlkLogWritesDriverTest, NeedsALog) {
  MainLoop::assert_here();
  Node& node =
      add_node("blklogwrites", std::make_unique<BlkLogWritesDriver>(BlkLogWritesDriver::Options{}));
  attach(node, "file", EdgeRole::filtered, add_file("file", make_file("disk", Bytes(4'096))));
  BlockBackend& disk = backend(growing);
  ASSERT_TRUE(disk.insert(node));
  EXPECT_EQ(write(disk, 0, Bytes(512)), std::errc::no_such_device);
}

} // namespace
} // namespace lockvet::runtime
