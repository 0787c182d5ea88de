// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Jobs that succeed or fail together, and jobs that are set up before they run.

#include "runtime/graph/node_bitmaps.h"
#include "runtime/jobs/backup.h"
#include "testsuite/unit/runtime/jobs/job_fixture.h"

namespace lockvet::runtime {
namespace {

class JobGroupTest : public JobTest {
protected:
  JobGroupTest() {
    MainLoop::assert_here();
    for (const char* const name : {"a", "b"}) {
      const Image& source = add_image(name);
      add_image(std::string(name) + "-target");
      fill(*source.node, 0, disk_size, 'x');
      const auto added = add_dirty_bitmap(*source.node, {.name = "changes"});
      EXPECT_TRUE(added) << added.error().message;
      (*added)->set(0, disk_size);
    }
  }

  GraphResult<> start(const std::string& name, uint64_t group,
                      uint64_t speed = 0) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    return start_backup(jobs(), {.id = name, .speed = speed, .group = group},
                        {.node = name,
                         .target = name + "-target",
                         .sync = BackupOptions::Sync::incremental,
                         .bitmap = "changes"});
  }
  uint64_t dirty(const std::string& name) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    return graph().find(name)->dirty_bitmap("changes")->count();
  }
  void wait_until_gone() {
    run_until([&] {
      MainLoop::assert_here();
      return jobs().query().empty();
    });
  }
};

TEST_F(JobGroupTest, NobodyEndsBeforeAllHaveDoneTheirWork) {
  MainLoop::assert_here();
  const uint64_t group = jobs().new_group();
  ASSERT_TRUE(start("a", group));
  ASSERT_TRUE(start("b", group, disk_size / 4));
  wait_for("a", JobStatus::waiting);
  EXPECT_EQ(graph().find("a")->name(), "a");
  EXPECT_TRUE(is("a", JobStatus::waiting));
  ASSERT_TRUE(jobs().set_speed("b", 0));
  wait_until_gone();
  EXPECT_EQ(dirty("a"), 0U);
  EXPECT_EQ(dirty("b"), 0U);
}

TEST_F(JobGroupTest, AllFailWithOne) {
  MainLoop::assert_here();
  for (const bool cancel_who_waits : {false, true}) {
    const uint64_t group = jobs().new_group();
    ASSERT_TRUE(start("a", group));
    ASSERT_TRUE(start("b", group, disk_size / 4));
    wait_for("a", JobStatus::waiting);
    ASSERT_TRUE(jobs().cancel(cancel_who_waits ? "a" : "b"));
    wait_until_gone();
    EXPECT_EQ(last_event().kind, JobEvent::Kind::cancelled);
    EXPECT_EQ(dirty("a"), disk_size);
    EXPECT_EQ(dirty("b"), disk_size);
  }
}

TEST_F(JobGroupTest, JobsOfOtherGroupsAreTheirOwn) {
  MainLoop::assert_here();
  ASSERT_TRUE(start("a", jobs().new_group()));
  ASSERT_TRUE(start("b", jobs().new_group(), disk_size / 4));
  EXPECT_EQ(wait_for_end("a"), "");
  EXPECT_EQ(dirty("a"), 0U);
  ASSERT_TRUE(jobs().cancel("b"));
  wait_until_gone();
  EXPECT_EQ(dirty("b"), disk_size);
}

TEST_F(JobGroupTest, WhatIsTakenBackHasChangedNothing) {
  MainLoop::assert_here();
  BlockBackend& guest = add_guest(*graph().find("a"));
  const BackupOptions options{.node = "a",
                              .target = "a-target",
                              .sync = BackupOptions::Sync::incremental,
                              .bitmap = "changes"};
  ASSERT_TRUE(jobs().prepare(make_backup(jobs(), "j", options), {.id = "j"}));
  EXPECT_EQ(chain(guest), "#j.backup a a.file");
  EXPECT_EQ(dirty("a"), 0U);
  EXPECT_EQ(jobs().pause("j").error().code, std::errc::device_or_resource_busy);
  jobs().take_back("j");
  EXPECT_FALSE(jobs().find("j"));
  EXPECT_EQ(chain(guest), "a a.file");
  EXPECT_EQ(dirty("a"), disk_size);
}

} // namespace
} // namespace lockvet::runtime
