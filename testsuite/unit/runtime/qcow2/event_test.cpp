// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Events in an image, met by a blkdebug below it: requests to the file fail from an event on, and
// whoever meets one waits there while others go on.

#include "runtime/drivers/blkdebug_driver.h"
#include "runtime/drivers/qcow2/check.h"
#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"
#include "testsuite/unit/runtime/qcow2/graph_files.h"

#include <set>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 4096;
constexpr uint64_t disk_size = 64 * cluster;

using Operation = BlkdebugDriver::Operation;

class Qcow2EventTest : public GraphTest {
protected:
  // A disk of an image of these options, over a file that misbehaves.
  BlockBackend& open_disk(CreateOptions options = {.size = disk_size, .cluster_bits = 12})
      LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    run_in_coroutine([&]() LV_COROUTINE_FN { ASSERT_TRUE(co_create(*content_, options)); });
    const auto file = add<FileNodeDriver>("file", content_);
    const auto debug = add<BlkdebugDriver>("debug");
    const auto image = add<ImageDriver>("image", MetadataOptions{});
    debug_ = &debug.driver;
    image_ = &image.driver;
    Transaction transaction;
    transaction.attach(debug.node, "file", EdgeRole::filtered, file.node);
    transaction.attach(image.node, "file", EdgeRole::data | EdgeRole::metadata, debug.node);
    EXPECT_TRUE(transaction.commit());
    EXPECT_TRUE(image.driver.open());
    BlockBackend& disk = backend(
        {.permissions = {Permission::consistent_read | Permission::write | Permission::resize,
                         Permission::all}});
    EXPECT_TRUE(disk.insert(image.node));
    return disk;
  }
  void close(BlockBackend& disk) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    ASSERT_TRUE(disk.remove());
    const auto closed = image_->close();
    ASSERT_TRUE(closed) << closed.error().message;
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto report = co_check(*content_);
      ASSERT_TRUE(report) << report.error().message;
      EXPECT_EQ(report->corruptions, 0u) << report->problems.front();
    });
  }

  BlkdebugDriver& debug() { return *debug_; }
  // What each of its requests to the file gets from the event on, until it has failed once.
  void fail_at(BlockEvent event, Operation operation) {
    debug().add_rule({.operations = operation, .event = event, .once = true, .error = io_error()});
  }
  static std::error_code LV_COROUTINE_FN co_write(BlockBackend& disk, uint64_t offset,
                                                  uint64_t size) {
    Bytes bytes(size, std::byte{0x55});
    return disk.co_pwritev(offset, {bytes.data(), bytes.size()});
  }
  static std::error_code LV_COROUTINE_FN co_read(BlockBackend& disk, uint64_t offset) {
    std::byte byte{};
    return disk.co_preadv(offset, {&byte, 1});
  }

private:
  const std::shared_ptr<MemoryFile> content_ = std::make_shared<MemoryFile>();
  BlkdebugDriver* debug_ = nullptr;
  ImageDriver* image_ = nullptr;
};

// Remembers which events an image meets.
class ListeningFile final : public ImageFile {
public:
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN co_size() override {
    return file_.co_size();
  }
  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, const IoVector& to) override {
    return file_.co_preadv(offset, to);
  }
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, const IoVector& from) override {
    return file_.co_pwritev(offset, from);
  }
  std::error_code LV_COROUTINE_FN co_flush() override { return file_.co_flush(); }
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t size,
                                                  bool may_unmap) override {
    return file_.co_write_zeroes(offset, size, may_unmap);
  }
  std::error_code LV_COROUTINE_FN co_discard(uint64_t offset, uint64_t size) override {
    return file_.co_discard(offset, size);
  }
  std::error_code LV_COROUTINE_FN co_truncate(uint64_t size) override {
    return file_.co_truncate(size);
  }

  std::set<BlockEvent> met;

private:
  void LV_COROUTINE_FN co_meet_event(BlockEvent event) override { met.insert(event); }

  const BlockEventListener listener_;
  MemoryFile file_;
};

TEST(Qcow2EventsTest, AreAllMetSomewhere) {
  constexpr uint64_t small = 512;
  constexpr uint64_t size = 200 * small;
  run_in_coroutine([&]() LV_COROUTINE_FN {
    ListeningFile file;
    MemoryFile backing(Bytes(size, std::byte{0x11}));
    ASSERT_TRUE(co_create(file, {.size = size, .cluster_bits = 9, .backing_name = "base"}));
    {
      const auto image = co_open_image(file, {{}, &backing});
      ASSERT_TRUE(image);
      EXPECT_FALSE(image->co_write(1, Bytes(1)));
      EXPECT_FALSE(image->co_write_compressed(small, Bytes(small)));
      EXPECT_FALSE(image->co_flush());
      EXPECT_FALSE(image->co_discard(0, small));
      // More than one refcount table and one L1 table can have.
      const uint64_t more = uint64_t{40} << 20;
      EXPECT_FALSE(image->co_truncate(more));
      EXPECT_FALSE(image->co_write(more / 2, Bytes(more / 2)));
      EXPECT_FALSE(image->co_close());
    }
    const auto image = co_open_image(file, {{}, &backing});
    ASSERT_TRUE(image);
    Bytes bytes(3 * small);
    EXPECT_FALSE(image->co_read(0, bytes));
    EXPECT_FALSE(image->co_write(0, bytes));
    EXPECT_FALSE(image->co_read(0, bytes));
    EXPECT_FALSE(image->co_close());
    for (unsigned event = 0; event <= static_cast<unsigned>(BlockEvent::flush_to_disk); ++event)
      EXPECT_TRUE(file.met.contains(static_cast<BlockEvent>(event))) << event;
  });
}

// Each way through an image meets its events, and the request that comes next is the one that the
// event is called for.
TEST_F(Qcow2EventTest, HaveTheNextRequestFail) {
  MainLoop::assert_here();
  BlockBackend& disk = open_disk();
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    // Without having been met they do nothing.
    fail_at(BlockEvent::cow_read, Operation::write);
    EXPECT_FALSE(co_write(disk, 0, cluster));
    EXPECT_EQ(co_write(disk, cluster, 10), io_error());
    EXPECT_FALSE(co_write(disk, cluster, 10));

    fail_at(BlockEvent::write_aio, Operation::write);
    EXPECT_EQ(co_write(disk, 0, 10), io_error());
    fail_at(BlockEvent::read_aio, Operation::read);
    EXPECT_EQ(co_read(disk, 0), io_error());

    fail_at(BlockEvent::flush_to_os, Operation::write);
    EXPECT_EQ(disk.co_flush(), io_error());
    fail_at(BlockEvent::l2_update, Operation::write);
    EXPECT_EQ(disk.co_flush(), io_error());
    fail_at(BlockEvent::l1_update, Operation::write);
    EXPECT_EQ(disk.co_flush(), io_error());
    fail_at(BlockEvent::flush_to_disk, Operation::flush);
    EXPECT_EQ(disk.co_flush(), io_error());
    EXPECT_FALSE(disk.co_flush());

    EXPECT_FALSE(co_write(disk, 2 * cluster, cluster));
    fail_at(BlockEvent::refblock_update_part, Operation::write);
    EXPECT_EQ(disk.co_flush(), io_error());
    EXPECT_FALSE(disk.co_flush());
  });
  close(disk);
}

TEST_F(Qcow2EventTest, AreMetWhereTablesGrow) {
  MainLoop::assert_here();
  constexpr uint64_t small = 512;
  BlockBackend& disk = open_disk({.size = 200 * small, .cluster_bits = 9});
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    const uint64_t size = uint64_t{100} << 20;
    fail_at(BlockEvent::l1_grow_write_table, Operation::write);
    EXPECT_EQ(disk.co_truncate(size), io_error());
    EXPECT_FALSE(disk.co_truncate(size));
    fail_at(BlockEvent::refblock_alloc_switch_table, Operation::write);
    std::error_code error;
    uint64_t offset = 0;
    for (; !error && offset < uint64_t{64} << 20; offset += uint64_t{1} << 20)
      error = co_write(disk, offset, uint64_t{1} << 20);
    EXPECT_EQ(error, io_error());
  });
  close(disk);
}

TEST_F(Qcow2EventTest, HaveWhoeverMeetsThemWait) {
  MainLoop::assert_here();
  BlockBackend& disk = open_disk();
  const unsigned rule = debug().add_rule(
      {.event = BlockEvent::cluster_alloc, .once = true, .breakpoint = "allocating"});
  bool written = false;
  ASSERT_TRUE(Coroutine::spawn(main(), [&]() LV_COROUTINE_FN {
    EXPECT_FALSE(co_write(disk, 0, cluster));
    written = true;
  }));
  while (debug().suspended("allocating") == 0)
    run_some_turns();
  // The graph can be written meanwhile.
  {
    const GraphWriteLock lock;
  }
  EXPECT_FALSE(written);
  EXPECT_EQ(debug().resume("allocating"), 1u);
  while (!written)
    run_some_turns();
  // It is gone.
  debug().remove_rule(rule);
  in_coroutine(main(), [&]() LV_COROUTINE_FN { EXPECT_FALSE(co_write(disk, cluster, cluster)); });
  close(disk);
}

} // namespace
} // namespace lockvet::runtime::qcow2
