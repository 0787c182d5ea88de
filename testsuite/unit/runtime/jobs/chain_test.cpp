// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Streams, and commits of intermediate layers, under guests that check what they read.

#include "runtime/jobs/commit.h"
#include "runtime/jobs/stream.h"
#include "testsuite/unit/runtime/jobs/chain_fixture.h"

namespace lockvet::runtime {
namespace {

class ChainTest : public ChainFixture {
protected:
  // As "top high low base".
  std::string layers(const BlockBackend& guest) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    std::string names;
    const Node* node = &guest.root()->child();
    while (node != nullptr) {
      names += (names.empty() ? "" : " ") + node->name();
      const Edge* const below = node->child("backing");
      node = below != nullptr ? &below->child() : nullptr;
    }
    return names;
  }
  // What the header of an image in its file says.
  BackingFileName name_in(const Image& image) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    qcow2::MemoryFile copy(image.file->content());
    BackingFileName name;
    MainLoop::run_coroutine([&]() LV_COROUTINE_FN {
      const auto header = qcow2::co_read_header(copy);
      ASSERT_TRUE(header) << header.error().message;
      if (!header->backing_name.empty())
        name = {header->backing_name, header->backing_format()};
    });
    return name;
  }
};

TEST_F(ChainTest, StreamsDownToABase) {
  MainLoop::assert_here();
  BlockBackend& guest = make_chain();
  ASSERT_TRUE(start_stream(jobs(), {.id = "s"}, {.node = "top", .base = "low"}));
  EXPECT_EQ(wait_for_end("s"), "");
  EXPECT_EQ(layers(guest), "top low base");
  EXPECT_EQ(name_in(*top_), (BackingFileName{"low", "qcow2"}));
  run_for(std::chrono::milliseconds(10));
  ASSERT_TRUE(start_stream(jobs(), {.id = "s"}, {.node = "top"}));
  EXPECT_EQ(wait_for_end("s"), "");
  EXPECT_EQ(layers(guest), "top");
  EXPECT_EQ(name_in(*top_), BackingFileName{});
  run_for(std::chrono::milliseconds(10));
  // There is nothing left to do.
  ASSERT_TRUE(start_stream(jobs(), {.id = "s"}, {.node = "top"}));
  EXPECT_EQ(wait_for_end("s"), "");
}

TEST_F(ChainTest, StreamsIntoAnImageThatOthersStandOn) {
  MainLoop::assert_here();
  BlockBackend& guest = make_chain();
  ASSERT_TRUE(start_stream(jobs(), {.id = "s"},
                           {.node = "high",
                            .base = "base",
                            .backing_file = BackingFileName{"/some/where/base", "qcow2"}}));
  EXPECT_EQ(wait_for_end("s"), "");
  EXPECT_EQ(layers(guest), "top high base");
  EXPECT_EQ(name_in(*high_), (BackingFileName{"/some/where/base", "qcow2"}));
}

TEST_F(ChainTest, KeepsStreamingIntoItsImageWhenASnapshotIsTaken) {
  MainLoop::assert_here();
  BlockBackend& guest = make_chain();
  ASSERT_TRUE(start_stream(jobs(), {.id = "s", .speed = disk_size * 5}, {.node = "top"}));
  run_for(std::chrono::milliseconds(5));
  take_snapshot("above", *top_->node);
  run_for(std::chrono::milliseconds(5));
  ASSERT_TRUE(jobs().set_speed("s", 0));
  EXPECT_EQ(wait_for_end("s"), "");
  EXPECT_EQ(layers(guest), "above top");
}

TEST_F(ChainTest, LeavesTheChainAloneWhenAStreamIsCancelled) {
  MainLoop::assert_here();
  BlockBackend& guest = make_chain();
  ASSERT_TRUE(start_stream(jobs(), {.id = "s", .speed = disk_size}, {.node = "top"}));
  run_for(std::chrono::milliseconds(5));
  ASSERT_TRUE(jobs().cancel("s"));
  EXPECT_EQ(wait_for_end("s"), "cancelled");
  EXPECT_EQ(layers(guest), "top high low base");
  EXPECT_EQ(name_in(*top_), (BackingFileName{"high", "qcow2"}));
}

TEST_F(ChainTest, CommitsIntermediateLayers) {
  MainLoop::assert_here();
  BlockBackend& guest = make_chain();
  ASSERT_TRUE(start_commit(jobs(), {.id = "c"}, {.top = "low", .base = "base"}));
  EXPECT_EQ(wait_for_end("c"), "");
  EXPECT_EQ(layers(guest), "top high base");
  EXPECT_EQ(name_in(*high_), (BackingFileName{"base", "qcow2"}));
  run_for(std::chrono::milliseconds(10));
  ASSERT_TRUE(
      start_commit(jobs(), {.id = "c", .auto_finalize = false}, {.top = "high", .base = "base"}));
  wait_for("c", JobStatus::pending);
  EXPECT_EQ(layers(guest), "top high base");
  ASSERT_TRUE(jobs().finalize("c"));
  EXPECT_EQ(layers(guest), "top base");
  // The rest is an active layer's.
  ASSERT_TRUE(start_commit(jobs(), {.id = "c"}, {.top = "top", .base = "base"}));
  wait_for("c", JobStatus::ready);
  ASSERT_TRUE(jobs().complete("c"));
  EXPECT_EQ(wait_for_end("c"), "");
  EXPECT_EQ(layers(guest), "base");
}

TEST_F(ChainTest, CommitsSeveralLayersAtOnce) {
  MainLoop::assert_here();
  BlockBackend& guest = make_chain();
  ASSERT_TRUE(start_commit(jobs(), {.id = "c"}, {.top = "high", .base = "base"}));
  EXPECT_EQ(wait_for_end("c"), "");
  EXPECT_EQ(layers(guest), "top base");
  EXPECT_EQ(name_in(*top_), (BackingFileName{"base", "qcow2"}));
}

TEST_F(ChainTest, RefusesJobsThatWouldHarmEachOther) {
  MainLoop::assert_here();
  BlockBackend& guest = make_chain();
  ASSERT_TRUE(
      start_commit(jobs(), {.id = "c", .speed = disk_size / 8}, {.top = "low", .base = "base"}));
  const auto code = [](const GraphResult<>& started) {
    return started ? std::error_code() : started.error().code;
  };
  // What it reads would change.
  EXPECT_EQ(code(start_commit(jobs(), {.id = "d"}, {.top = "high", .base = "low"})),
            std::errc::operation_not_permitted);
  EXPECT_EQ(code(start_stream(jobs(), {.id = "d"}, {.node = "low"})),
            std::errc::operation_not_permitted);
  // What it writes to would.
  EXPECT_EQ(code(start_commit(jobs(), {.id = "d"}, {.top = "high", .base = "base"})),
            std::errc::operation_not_permitted);
  EXPECT_FALSE(graph().remove(*low_->node));
  EXPECT_EQ(code(start_commit(jobs(), {.id = "d"}, {.top = "base", .base = "low"})),
            std::errc::invalid_argument);
  EXPECT_EQ(code(start_stream(jobs(), {.id = "d"}, {.node = "base", .base = "low"})),
            std::errc::invalid_argument);
  EXPECT_EQ(code(start_stream(jobs(), {.id = "d"}, {.node = "top", .base = "nothing"})),
            std::errc::no_such_file_or_directory);
  ASSERT_TRUE(jobs().cancel("c"));
  EXPECT_EQ(wait_for_end("c"), "cancelled");
  EXPECT_EQ(layers(guest), "top high low base");
}

// Zeroes of a layer that ends before its base do not let through what the base has there.
TEST_F(ChainTest, KeepsWhatAShortLayerHides) {
  MainLoop::assert_here();
  for (const bool stream : {false, true}) {
    const Image& base = add_image("base");
    fill(*base.node, 0, disk_size, 'b');
    const Image& low = add_image("low", "base", base.node, 65536);
    fill(*low.node, 4096, 4096, 'l');
    const Image& high = add_image("high", "low", low.node);
    fill(*high.node, 131072, 4096, 'h');
    const Bytes before = content_of(*high.node);
    EXPECT_EQ(before[70000], std::byte{0});
    ASSERT_TRUE(stream ? start_stream(jobs(), {.id = "j"}, {.node = "high", .base = "base"})
                       : start_commit(jobs(), {.id = "j"}, {.top = "low", .base = "base"}));
    EXPECT_EQ(wait_for_end("j"), "");
    EXPECT_EQ(content_of(*high.node), before);
    close_images();
  }
}

} // namespace
} // namespace lockvet::runtime
