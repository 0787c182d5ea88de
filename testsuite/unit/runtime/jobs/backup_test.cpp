// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Backups of the moment in which they begin, under guests that write.

#include "runtime/drivers/blkdebug_driver.h"
#include "runtime/graph/node_bitmaps.h"
#include "runtime/jobs/backup.h"
#include "runtime/jobs/mirror.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"
#include "testsuite/unit/runtime/jobs/job_fixture.h"

namespace lockvet::runtime {
namespace {

using Sync = BackupOptions::Sync;

class BackupTest : public JobTest {
protected:
  BackupTest() { start_threads(2); }

  // What the disk shows before a guest goes on to write.
  Bytes rest_load(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    stop_load();
    return content_of(node);
  }
};

TEST_F(BackupTest, IsOfTheMomentInWhichItBegins) {
  MainLoop::assert_here();
  for (int round = 0; round < 3; ++round) {
    const Image& source = add_image("source");
    const Image& target = add_image("target");
    BlockBackend& guest = add_guest(*source.node);
    start_load(guest);
    run_for(std::chrono::milliseconds(15));
    const Bytes before = rest_load(*source.node);
    const auto started = start_backup(jobs(), {.id = "b", .speed = disk_size * 2},
                                      {.node = "source", .target = "target"});
    ASSERT_TRUE(started) << started.error().message;
    resume_load();
    EXPECT_EQ(chain(guest), "#b.backup source source.file");
    run_for(std::chrono::milliseconds(10));
    // Unless it has come to its end.
    (void)jobs().set_speed("b", 0);
    EXPECT_EQ(wait_for_end("b"), "");
    EXPECT_EQ(chain(guest), "source source.file");
    run_for(std::chrono::milliseconds(5));
    EXPECT_NE(rest_load(*source.node), before);
    EXPECT_EQ(content_of(*target.node), before);
    close_images();
  }
}

TEST_F(BackupTest, CopiesTheTopOnly) {
  MainLoop::assert_here();
  const Image& base = add_image("base");
  fill(*base.node, 0, 131072, 'b');
  const Image& source = add_image("source", "base", base.node);
  fill(*source.node, 65536, 4096, 's');
  const Image& target = add_image("target", "base", base.node);
  const Bytes before = content_of(*source.node);
  ASSERT_TRUE(
      start_backup(jobs(), {.id = "b"}, {.node = "source", .target = "target", .sync = Sync::top}));
  fill(*graph().find("#b.backup"), 70000, 4096, 'x');
  EXPECT_EQ(wait_for_end("b"), "");
  EXPECT_EQ(content_of(*target.node), before);
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    const auto status = target.node->co_block_status(0, disk_size);
    ASSERT_TRUE(status);
    EXPECT_FALSE(status->allocated);
    EXPECT_EQ(status->length, 65536U);
  });
}

TEST_F(BackupTest, GoesOnFromAnEarlierOne) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  const Image& target = add_image("target");
  BlockBackend& guest = add_guest(*source.node);
  start_load(guest);
  run_for(std::chrono::milliseconds(10));
  rest_load(*source.node);
  const auto bitmap = add_dirty_bitmap(*source.node, {.name = "dirty", .granularity = 4096});
  ASSERT_TRUE(bitmap);
  ASSERT_TRUE(start_backup(jobs(), {.id = "b"}, {.node = "source", .target = "target"}));
  EXPECT_EQ(wait_for_end("b"), "");
  for (int round = 0; round < 3; ++round) {
    resume_load();
    run_for(std::chrono::milliseconds(5));
    const Bytes before = rest_load(*source.node);
    EXPECT_GT((*bitmap)->count(), 0U);
    const BackupOptions options{
        .node = "source", .target = "target", .sync = Sync::incremental, .bitmap = "dirty"};
    // One that is cancelled leaves the bitmap as it was, and what is written since.
    const uint64_t dirty = (*bitmap)->count();
    ASSERT_TRUE(start_backup(jobs(), {.id = "b", .speed = 4096}, options));
    EXPECT_FALSE(remove_dirty_bitmap(*source.node, "dirty"));
    ASSERT_TRUE(jobs().cancel("b"));
    EXPECT_EQ(wait_for_end("b"), "cancelled");
    EXPECT_EQ((*bitmap)->count(), dirty);
    ASSERT_TRUE(start_backup(jobs(), {.id = "b"}, options));
    resume_load();
    EXPECT_EQ(wait_for_end("b"), "");
    stop_load();
    EXPECT_EQ(content_of(*target.node), before);
  }
  EXPECT_TRUE(remove_dirty_bitmap(*source.node, "dirty"));
}

TEST_F(BackupTest, KeepsTheBitmapIfItIsToldTo) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  add_image("target");
  const auto bitmap = add_dirty_bitmap(*source.node, {.name = "dirty"});
  ASSERT_TRUE(bitmap);
  fill(*source.node, 65536, 512, 's');
  ASSERT_TRUE(start_backup(jobs(), {.id = "b"},
                           {.node = "source",
                            .target = "target",
                            .sync = Sync::incremental,
                            .bitmap = "dirty",
                            .bitmap_mode = BackupOptions::BitmapMode::never}));
  EXPECT_EQ(wait_for_end("b"), "");
  EXPECT_EQ((*bitmap)->count(), 65536U);
}

// What the target does not have is still as it was in the disk.
TEST_F(BackupTest, SavesOnlyWhatIsOverwritten) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  fill(*source.node, 0, disk_size, 's');
  const Image& target = add_image("target");
  ASSERT_TRUE(start_backup(jobs(), {.id = "b"},
                           {.node = "source", .target = "target", .sync = Sync::none}));
  BlockBackend& guest = add_guest(*graph().find("#b.backup"));
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    Bytes data(512, std::byte{'n'});
    EXPECT_FALSE(guest.co_pwritev(65536 + 512, {data.data(), data.size()}));
    // A hint that would cost a copy.
    EXPECT_FALSE(guest.co_discard(262144, 65536));
  });
  const Bytes saved = content_of(*target.node);
  EXPECT_EQ(saved[65535], std::byte{0});
  EXPECT_EQ(std::ranges::count(saved, std::byte{'s'}), 65536);
  EXPECT_EQ(saved[65536 + 512], std::byte{'s'});
  EXPECT_EQ(content_of(*source.node)[262144], std::byte{'s'});
  ASSERT_TRUE(jobs().cancel("b"));
  EXPECT_EQ(wait_for_end("b"), "cancelled");
}

// The guest does not hear of it.
TEST_F(BackupTest, FailsWhenItsTargetDoes) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  const auto memory = add<MemoryDriver>("memory", size_t{disk_size});
  const auto failing = add<BlkdebugDriver>("target");
  Transaction transaction;
  transaction.attach(failing.node, "file", EdgeRole::filtered, memory.node);
  ASSERT_TRUE(transaction.commit());
  BlockBackend& guest = add_guest(*source.node);
  start_load(guest);
  run_for(std::chrono::milliseconds(5));
  failing.driver.add_rule({.operations = BlkdebugDriver::Operation::write,
                           .after = 3,
                           .error = std::make_error_code(std::errc::no_space_on_device)});
  ASSERT_TRUE(start_backup(jobs(), {.id = "b"}, {.node = "source", .target = "target"}));
  EXPECT_EQ(wait_for_end("b"), "No space left on device");
  ASSERT_TRUE(start_backup(jobs(), {.id = "b"},
                           {.node = "source", .target = "target", .sync = Sync::none}));
  EXPECT_EQ(wait_for_end("b"), "No space left on device");
  EXPECT_EQ(chain(guest), "source source.file");
}

TEST_F(BackupTest, RefusesWhatCanNotBe) {
  MainLoop::assert_here();
  add_image("source");
  add_image("target");
  add_image("short", {}, nullptr, 4096);
  const auto code = [&](const BackupOptions& options) LV_REQUIRES(lockvet_main_loop) {
    const auto started = start_backup(jobs(), {.id = "b"}, options);
    EXPECT_FALSE(started);
    return started ? std::error_code() : started.error().code;
  };
  EXPECT_EQ(code({.node = "source", .target = "source"}), std::errc::invalid_argument);
  EXPECT_EQ(code({.node = "source", .target = "short"}), std::errc::invalid_argument);
  EXPECT_EQ(code({.node = "source", .target = "target", .bitmap = "b"}),
            std::errc::invalid_argument);
  EXPECT_EQ(code({.node = "source", .target = "target", .sync = Sync::incremental}),
            std::errc::invalid_argument);
  EXPECT_EQ(
      code({.node = "source", .target = "target", .sync = Sync::incremental, .bitmap = "nothing"}),
      std::errc::no_such_file_or_directory);
}

bool is_zero(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte(0); });
}

// One filter above the other: each does its own.
TEST_F(BackupTest, GoesTogetherWithAMirror) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  const Image& saved = add_image("saved");
  add_image("target");
  BlockBackend& guest = add_guest(*source.node);
  start_load(guest);
  // A backup with something to copy at both ends waits after the first, as slow as it is. It has to
  // be paused as well, since the guest's writes do its work.
  Bytes before = rest_load(*source.node);
  while (is_zero(std::span(before).first(disk_size / 4)) ||
         is_zero(std::span(before).last(disk_size / 4))) {
    resume_load();
    run_for(std::chrono::milliseconds(10));
    before = rest_load(*source.node);
  }
  ASSERT_TRUE(start_backup(jobs(), {.id = "b", .speed = 1}, {.node = "source", .target = "saved"}));
  ASSERT_TRUE(jobs().pause("b"));
  wait_for("b", JobStatus::paused);
  resume_load();
  ASSERT_TRUE(start_mirror(jobs(), {.id = "m"}, {.node = "#b.backup", .target = "target"}));
  EXPECT_EQ(chain(guest), "#m.mirror #b.backup source source.file");
  wait_for("m", JobStatus::ready);
  ASSERT_TRUE(jobs().set_speed("b", 0));
  ASSERT_TRUE(jobs().resume("b"));
  run_until([&] {
    MainLoop::assert_here();
    return !jobs().find("b");
  });
  ASSERT_TRUE(jobs().complete("m"));
  EXPECT_EQ(wait_for_end("m"), "");
  EXPECT_EQ(chain(guest), "target target.file");
  stop_load();
  EXPECT_EQ(content_of(*saved.node), before);
}

} // namespace
} // namespace lockvet::runtime
