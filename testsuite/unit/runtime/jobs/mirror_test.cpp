// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Mirrors, and commits of an active layer, under guests that check what they read.

#include "runtime/drivers/blkdebug_driver.h"
#include "runtime/jobs/mirror.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"
#include "testsuite/unit/runtime/jobs/job_fixture.h"

namespace lockvet::runtime {
namespace {

using Sync = MirrorOptions::Sync;
using CopyMode = MirrorOptions::CopyMode;

class MirrorTest : public JobTest {
protected:
  MirrorTest() { start_threads(2); }
};

TEST_F(MirrorTest, PivotsUnderLoad) {
  MainLoop::assert_here();
  for (const auto mode : {CopyMode::background, CopyMode::write_blocking}) {
    const Image& source = add_image("source");
    add_image("target");
    BlockBackend& guest = add_guest(*source.node);
    start_load(guest);
    run_for(std::chrono::milliseconds(20));
    const auto started = start_mirror(jobs(), {.id = "m"},
                                      {.node = "source", .target = "target", .copy_mode = mode});
    ASSERT_TRUE(started) << started.error().message;
    EXPECT_EQ(chain(guest), "#m.mirror source source.file");
    wait_for("m", JobStatus::ready);
    EXPECT_EQ(last_event().kind, JobEvent::Kind::ready);
    run_for(std::chrono::milliseconds(10));
    ASSERT_TRUE(jobs().complete("m"));
    EXPECT_EQ(wait_for_end("m"), "");
    EXPECT_EQ(chain(guest), "target target.file");
    run_for(std::chrono::milliseconds(10));
    stop_load();
    resume_load();
    close_images();
  }
}

TEST_F(MirrorTest, LeavesACopyOfAMomentWhenItIsCancelledSoftly) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  const Image& target = add_image("target");
  BlockBackend& guest = add_guest(*source.node);
  start_load(guest);
  ASSERT_TRUE(start_mirror(jobs(), {.id = "m", .auto_finalize = false},
                           {.node = "source", .target = "target"}));
  wait_for("m", JobStatus::ready);
  ASSERT_TRUE(jobs().cancel("m", false));
  wait_for("m", JobStatus::pending);
  // What is written until it is finalized still goes to both.
  run_for(std::chrono::milliseconds(10));
  stop_load();
  EXPECT_EQ(content_of(*source.node), content_of(*target.node));
  ASSERT_TRUE(jobs().finalize("m"));
  EXPECT_EQ(last_event().kind, JobEvent::Kind::completed);
  EXPECT_EQ(chain(guest), "source source.file");
}

TEST_F(MirrorTest, TakesItselfOutWhenItIsCancelled) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  add_image("target");
  BlockBackend& guest = add_guest(*source.node);
  start_load(guest);
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(start_mirror(jobs(), {.id = "m"}, {.node = "source", .target = "target"}));
    run_for(std::chrono::milliseconds(round));
    ASSERT_TRUE(jobs().cancel("m"));
    EXPECT_EQ(wait_for_end("m"), "cancelled");
    EXPECT_EQ(chain(guest), "source source.file");
  }
}

TEST_F(MirrorTest, CopiesTheTopOrNothing) {
  MainLoop::assert_here();
  const Image& base = add_image("base");
  fill(*base.node, 0, 16384, 'b');
  const Image& top = add_image("top", "base", base.node);
  fill(*top.node, 8192, 16384, 't');
  const Image& target = add_image("target", "base", base.node);
  for (const auto sync : {Sync::none, Sync::top}) {
    ASSERT_TRUE(
        start_mirror(jobs(), {.id = "m"}, {.node = "top", .target = "target", .sync = sync}));
    wait_for("m", JobStatus::ready);
    ASSERT_TRUE(jobs().cancel("m", false));
    EXPECT_EQ(wait_for_end("m"), "");
    const Bytes found = content_of(*target.node);
    EXPECT_EQ(found == content_of(*top.node), sync == Sync::top);
    EXPECT_EQ(found[0], std::byte{'b'});
  }
  // What it has of its own is what the top has of its own.
  in_coroutine(main(), [&]() LV_COROUTINE_FN {
    const CoGraphReadLock lock;
    const auto status = target.node->co_block_status(0, disk_size);
    ASSERT_TRUE(status);
    EXPECT_FALSE(status->allocated);
    EXPECT_EQ(status->length, 8192U);
  });
}

TEST_F(MirrorTest, RefusesWhatCanNotBe) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  add_image("short", {}, nullptr, 4096);
  add_image("target");
  const auto code = [&](const MirrorOptions& options) LV_REQUIRES(lockvet_main_loop) {
    const auto started = start_mirror(jobs(), {.id = "m"}, options);
    EXPECT_FALSE(started);
    EXPECT_EQ(jobs().query().size(), 0U);
    return started ? std::error_code() : started.error().code;
  };
  EXPECT_EQ(code({.node = "nothing", .target = "target"}), std::errc::no_such_file_or_directory);
  EXPECT_EQ(code({.node = "source", .target = "nothing"}), std::errc::no_such_file_or_directory);
  EXPECT_EQ(code({.node = "source", .target = "short"}), std::errc::invalid_argument);
  EXPECT_EQ(code({.node = "source", .target = "source"}), std::errc::invalid_argument);
  EXPECT_EQ(code({.node = "source", .target = "target", .granularity = 1000}),
            std::errc::invalid_argument);
  EXPECT_EQ(code({.node = "source", .target = "target", .filter_name = "short"}),
            std::errc::file_exists);
  // Somebody else writes to it.
  BlockBackend& guest = add_guest(*source.node);
  BlockBackend& other = add_guest(*graph().find("target"));
  EXPECT_EQ(code({.node = "source", .target = "target"}), std::errc::operation_not_permitted);
  EXPECT_TRUE(other.remove());
  ASSERT_TRUE(start_mirror(jobs(), {.id = "m"}, {.node = "source", .target = "target"}));
  // Its coroutine has not had its turn yet.
  EXPECT_FALSE(jobs().complete("m"));
  EXPECT_FALSE(other.insert(*graph().find("target")));
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    EXPECT_EQ(guest.co_pwrite_zeroes(disk_size, 512), std::errc::io_error);
  });
}

// Whichever fails, the guest does not hear of the target.
TEST_F(MirrorTest, MeetsErrorsAsItIsTold) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  const auto target = add<MemoryDriver>("memory", size_t{disk_size});
  const auto failing = add<BlkdebugDriver>("target");
  Transaction transaction;
  transaction.attach(failing.node, "file", EdgeRole::filtered, target.node);
  ASSERT_TRUE(transaction.commit());
  BlockBackend& guest = add_guest(*source.node);
  start_load(guest);
  run_for(std::chrono::milliseconds(5));
  const BlkdebugDriver::Rule no_space{.operations = BlkdebugDriver::Operation::write,
                                      .once = true,
                                      .error = std::make_error_code(std::errc::no_space_on_device)};
  failing.driver.add_rule(no_space);
  ASSERT_TRUE(start_mirror(jobs(), {.id = "m"}, {.node = "source", .target = "target"}));
  EXPECT_EQ(wait_for_end("m"), "No space left on device");
  EXPECT_EQ(errors(), 1U);
  EXPECT_EQ(chain(guest), "source source.file");

  failing.driver.add_rule(no_space);
  ASSERT_TRUE(start_mirror(jobs(), {.id = "m", .on_target_error = OnError::enospc},
                           {.node = "source", .target = "target"}));
  wait_for("m", JobStatus::paused);
  ASSERT_TRUE(jobs().resume("m"));
  wait_for("m", JobStatus::ready);
  // Also what a guest writes to both.
  ASSERT_TRUE(jobs().cancel("m"));
  EXPECT_EQ(wait_for_end("m"), "cancelled");
  ASSERT_TRUE(
      start_mirror(jobs(), {.id = "m", .on_target_error = OnError::ignore},
                   {.node = "source", .target = "target", .copy_mode = CopyMode::write_blocking}));
  wait_for("m", JobStatus::ready);
  failing.driver.add_rule(no_space);
  run_for(std::chrono::milliseconds(20));
  ASSERT_TRUE(jobs().complete("m"));
  EXPECT_EQ(wait_for_end("m"), "");
  EXPECT_EQ(chain(guest), "target memory");
  EXPECT_FALSE(node_of(guest).name().empty());
}

TEST_F(MirrorTest, GoesOnWhileTheGraphChanges) {
  MainLoop::assert_here();
  const Image& source = add_image("source");
  add_image("target");
  BlockBackend& guest = add_guest(*source.node);
  start_load(guest);
  // Not so fast that it would be over.
  ASSERT_TRUE(start_mirror(jobs(), {.id = "m", .speed = disk_size * 4},
                           {.node = "source", .target = "target"}));
  for (int round = 0; round < 3; ++round) {
    take_snapshot("snapshot" + std::to_string(round), *source.node);
    run_for(std::chrono::milliseconds(3));
  }
  EXPECT_EQ(chain(guest), "#m.mirror snapshot0 snapshot0.file");
  {
    const DrainedSection drained(*source.node);
    run_some_turns();
    EXPECT_TRUE(jobs().find("m"));
  }
  ASSERT_TRUE(jobs().set_speed("m", 0));
  wait_for("m", JobStatus::ready);
  ASSERT_TRUE(jobs().complete("m"));
  EXPECT_EQ(wait_for_end("m"), "");
  EXPECT_EQ(chain(guest), "target target.file");
}

// Its filter can't be taken away while somebody else has it drained, and is as soon as it can.
TEST_F(MirrorTest, LeavesItsFilterUntilADrainedSectionIsOver) {
  MainLoop::assert_here();
  add_image("source");
  add_image("target");
  ASSERT_TRUE(start_mirror(jobs(), {.id = "m"}, {.node = "source", .target = "target"}));
  wait_for("m", JobStatus::ready);
  Node* const filter = graph().find("#m.mirror");
  ASSERT_NE(filter, nullptr);
  {
    const DrainedSection drained(*filter);
    ASSERT_TRUE(jobs().cancel("m"));
    EXPECT_EQ(wait_for_end("m"), "cancelled");
    run_for(std::chrono::milliseconds(5));
    EXPECT_EQ(graph().find("#m.mirror"), filter);
    // The name is not free yet.
    ASSERT_TRUE(start_mirror(jobs(), {.id = "m"}, {.node = "source", .target = "target"}));
    EXPECT_NE(graph().find("#m.mirror2"), nullptr);
  }
  run_until([&] {
    MainLoop::assert_here();
    return graph().find("#m.mirror") == nullptr;
  });
}

TEST_F(MirrorTest, CommitsTheActiveLayer) {
  MainLoop::assert_here();
  for (int round = 0; round < 3; ++round) {
    const Image& base = add_image("base");
    BlockBackend& guest = add_guest(*base.node);
    start_load(guest);
    run_for(std::chrono::milliseconds(10));
    const Image& middle = take_snapshot("middle", *base.node);
    run_for(std::chrono::milliseconds(10));
    take_snapshot("top", *middle.node);
    run_for(std::chrono::milliseconds(10));
    const auto started = start_active_commit(jobs(), {.id = "c"}, {.top = "top", .base = "base"});
    ASSERT_TRUE(started) << started.error().message;
    wait_for("c", JobStatus::ready);
    ASSERT_TRUE(jobs().complete("c"));
    EXPECT_EQ(wait_for_end("c"), "");
    EXPECT_EQ(last_event().job.type, "commit");
    EXPECT_EQ(chain(guest), "base base.file");
    run_for(std::chrono::milliseconds(10));
    close_images();
  }
}

TEST_F(MirrorTest, CommitsIntoABaseThatIsShorter) {
  MainLoop::assert_here();
  const Image& base = add_image("base", {}, nullptr, 40960);
  fill(*base.node, 0, 40960, 'b');
  const Image& top = add_image("top", "base", base.node);
  fill(*top.node, 36864, 8192, 't');
  const Bytes before = content_of(*top.node);
  BlockBackend& guest = add_guest(*top.node);
  EXPECT_FALSE(start_active_commit(jobs(), {.id = "c"}, {.top = "base", .base = "top"}));
  ASSERT_TRUE(start_active_commit(jobs(), {.id = "c"}, {.top = "top", .base = "base"}));
  wait_for("c", JobStatus::ready);
  ASSERT_TRUE(jobs().complete("c"));
  EXPECT_EQ(wait_for_end("c"), "");
  EXPECT_EQ(chain(guest), "base base.file");
  EXPECT_EQ(content_of(*base.node), before);
}

} // namespace
} // namespace lockvet::runtime
