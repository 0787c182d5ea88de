// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Jobs that write to images which are open for reading only, as backing files are, and put them
// back; and jobs about what belongs to another job.

#include "runtime/graph/read_only.h"
#include "runtime/jobs/commit.h"
#include "runtime/jobs/mirror.h"
#include "runtime/jobs/stream.h"
#include "testsuite/unit/runtime/jobs/chain_fixture.h"

#include <set>

namespace lockvet::runtime {
namespace {

class ReadOnlyJobTest : public ChainFixture {
protected:
  ReadOnlyJobTest() {
    MainLoop::assert_here();
    jobs().set_reopen([this](Node& node, bool read_only) -> GraphResult<bool> {
      MainLoop::assert_here();
      if (read_only_.contains(&node) == read_only)
        return false;
      if (auto done = set(node, read_only); !done)
        return std::unexpected(std::move(done.error()));
      return true;
    });
  }

  GraphResult<> set(Node& node, bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    auto done = set_read_only(node, read_only);
    if (done && read_only)
      read_only_.insert(&node);
    else if (done)
      read_only_.erase(&node);
    return done;
  }
  bool is_read_only(const Image& image) const { return read_only_.contains(image.node); }

  // Four images under a guest, all but the uppermost open for reading only.
  BlockBackend& make_read_only_chain() LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    BlockBackend& guest = make_chain();
    for (const Image* const image : {base_, low_, high_}) {
      const auto done = set(*image->node, true);
      EXPECT_TRUE(done) << done.error().message;
    }
    return guest;
  }

  std::set<const Node*> read_only_;
};

TEST_F(ReadOnlyJobTest, AnImageCannotBeForReadingOnlyUnderItsGuest) {
  MainLoop::assert_here();
  const Image& image = add_image("disk");
  add_guest(*image.node);
  EXPECT_EQ(set(*image.node, true).error().code, std::errc::operation_not_permitted);
  close_guests();
  EXPECT_TRUE(set(*image.node, true));
  BlockBackend writer("writer", {});
  EXPECT_EQ(writer.insert(*image.node).error().code, std::errc::read_only_file_system);
  EXPECT_TRUE(set(*image.node, false));
  fill(*image.node, 0, 4096, 'x');
  EXPECT_TRUE(set(*image.node, true));
  EXPECT_EQ(content_of(*image.node, 4096), Bytes(4096, std::byte{'x'}));
}

TEST_F(ReadOnlyJobTest, CommitsIntoAnImageAndPutsItBack) {
  MainLoop::assert_here();
  BlockBackend& guest = make_read_only_chain();
  ASSERT_TRUE(
      start_commit(jobs(), {.id = "c", .speed = disk_size}, {.top = "low", .base = "base"}));
  EXPECT_FALSE(is_read_only(*base_));
  EXPECT_EQ(set(*base_->node, true).error().code, std::errc::operation_not_permitted);
  ASSERT_TRUE(jobs().cancel("c"));
  EXPECT_EQ(wait_for_end("c"), "cancelled");
  EXPECT_TRUE(is_read_only(*base_));
  // What stands on the top is written to, too, for its new name.
  const auto started = start_commit(jobs(), {.id = "c"}, {.top = "low", .base = "base"});
  ASSERT_TRUE(started) << started.error().message;
  EXPECT_EQ(wait_for_end("c"), "");
  EXPECT_TRUE(is_read_only(*base_));
  EXPECT_TRUE(is_read_only(*high_));
  EXPECT_EQ(chain(guest), "top top.file");
  run_for(std::chrono::milliseconds(5));
}

TEST_F(ReadOnlyJobTest, StreamsIntoAnImageAndPutsItBack) {
  MainLoop::assert_here();
  make_read_only_chain();
  const auto started = start_stream(jobs(), {.id = "s"}, {.node = "high", .base = "base"});
  ASSERT_TRUE(started) << started.error().message;
  EXPECT_EQ(wait_for_end("s"), "");
  EXPECT_TRUE(is_read_only(*high_));
}

TEST_F(ReadOnlyJobTest, AnActiveCommitLeavesTheGuestWhatItCanWriteTo) {
  MainLoop::assert_here();
  BlockBackend& guest = make_read_only_chain();
  ASSERT_TRUE(start_commit(jobs(), {.id = "c"}, {.top = "top", .base = "base"}));
  wait_for("c", JobStatus::ready);
  ASSERT_TRUE(jobs().cancel("c"));
  EXPECT_EQ(wait_for_end("c"), "cancelled");
  run_until([&] { return is_read_only(*base_); });
  ASSERT_TRUE(start_commit(jobs(), {.id = "c"}, {.top = "top", .base = "base"}));
  wait_for("c", JobStatus::ready);
  ASSERT_TRUE(jobs().complete("c"));
  EXPECT_EQ(wait_for_end("c"), "");
  EXPECT_EQ(&node_of(guest), base_->node);
  EXPECT_FALSE(is_read_only(*base_));
  run_for(std::chrono::milliseconds(5));
}

// A mirror's filter ends while it is the base of a commit, which goes on with what is below.
TEST_F(ReadOnlyJobTest, AFilterStaysWhileAnotherJobIsAboutIt) {
  MainLoop::assert_here();
  const Image& disk = add_image("disk");
  add_image("target");
  BlockBackend& guest = add_guest(*disk.node);
  start_load(guest);
  run_for(std::chrono::milliseconds(5));
  ASSERT_TRUE(start_mirror(jobs(), {.id = "m"},
                           {.node = "disk", .target = "target", .filter_name = "filter"}));
  Node& filter = *graph().find("filter");
  take_snapshot("low", filter);
  run_for(std::chrono::milliseconds(5));
  const Image& top = take_snapshot("top", *graph().find("low"));
  const auto started =
      start_commit(jobs(), {.id = "c", .speed = disk_size}, {.top = "low", .base = "filter"});
  ASSERT_TRUE(started) << started.error().message;
  ASSERT_TRUE(jobs().cancel("m"));
  run_until([&] {
    MainLoop::assert_here();
    return !jobs().find("m");
  });
  run_for(std::chrono::milliseconds(5));
  EXPECT_EQ(graph().find("filter"), &filter);
  ASSERT_TRUE(jobs().set_speed("c", 0));
  EXPECT_EQ(wait_for_end("c"), "");
  run_until([&] {
    MainLoop::assert_here();
    return graph().find("filter") == nullptr;
  });
  const MainGraphReadLock lock;
  EXPECT_EQ(&top.node->child("backing")->child(), disk.node);
}

} // namespace
} // namespace lockvet::runtime
