// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images as nodes, with dirty bitmaps that they keep and internal snapshots, while requests come
// from other threads.

#include "runtime/graph/drained_section.h"
#include "runtime/graph/node_bitmaps.h"
#include "runtime/graph/read_only.h"
#include "testsuite/unit/runtime/qcow2/image_driver_fixture.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {
namespace {

class Qcow2ImageDriverBitmapsTest : public ImageDriverTest {
protected:
  void remove(const ImageNode& image) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto closed = image.driver.close();
    EXPECT_TRUE(closed) << closed.error().message;
    EXPECT_TRUE(graph().remove(image.node));
    EXPECT_TRUE(graph().remove(image.file));
  }
  ImageNode open(const File& file, MetadataOptions options = {}) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const ImageNode image = add_image("image", file, options);
    const auto opened = image.driver.open();
    EXPECT_TRUE(opened) << opened.error().message;
    return image;
  }
  static size_t count_bitmaps(const Node& node) LV_MAIN_LOOP {
    const MainGraphReadLock lock;
    return node.dirty_bitmaps().size();
  }
};

TEST_F(Qcow2ImageDriverBitmapsTest, AreTheNodesWhileTheImageIsOpen) {
  MainLoop::assert_here();
  start_threads(1);
  const auto file = make_image();
  {
    const ImageNode image = open(file);
    ASSERT_TRUE(
        add_dirty_bitmap(image.node, {.name = "kept", .granularity = cluster, .persistent = true}));
    ASSERT_TRUE(add_dirty_bitmap(
        image.node, {.name = "stopped", .granularity = 512, .enabled = false, .persistent = true}));
    ASSERT_TRUE(add_dirty_bitmap(image.node, {.name = "temporary"}));
    BlockBackend& disk = backend_of(image.node);
    in_coroutine(io(0), [&]() LV_COROUTINE_FN { co_write_letter(disk, 3, 'a'); });
    ASSERT_TRUE(disk.remove());
    remove(image);
  }
  expect_clean(*file);
  {
    const ImageNode image = open(file);
    EXPECT_EQ(count_bitmaps(image.node), 2u);
    const auto kept = find_free_dirty_bitmap(image.node, "kept");
    ASSERT_TRUE(kept);
    EXPECT_TRUE((*kept)->enabled());
    EXPECT_EQ((*kept)->next_dirty(0, disk_size), (DirtyBitmap::Area{3 * cluster, cluster}));
    EXPECT_FALSE((*find_free_dirty_bitmap(image.node, "stopped"))->enabled());
    BlockBackend& disk = backend_of(image.node);
    in_coroutine(io(0), [&]() LV_COROUTINE_FN {
      EXPECT_FALSE(disk.co_truncate(2 * disk_size));
      co_write_letter(disk, disk_size / cluster, 'b');
    });
    EXPECT_EQ((*kept)->count(), 2 * cluster);
    ASSERT_TRUE(disk.remove());
    remove(image);
  }
  {
    const ImageNode image = open(file, {.writable = false});
    const auto kept = find_free_dirty_bitmap(image.node, "kept", BitmapUse::read);
    ASSERT_TRUE(kept);
    EXPECT_EQ((*kept)->length(), 2 * disk_size);
    EXPECT_EQ((*kept)->count(), 2 * cluster);
    const auto refused = find_free_dirty_bitmap(image.node, "kept");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, std::errc::read_only_file_system);
    EXPECT_EQ(remove_dirty_bitmap(image.node, "kept").error().code,
              std::errc::read_only_file_system);
    EXPECT_FALSE(add_dirty_bitmap(image.node, {.name = "more", .persistent = true}));
    remove(image);
  }
  const ImageNode image = open(file);
  ASSERT_TRUE(remove_dirty_bitmap(image.node, "kept"));
  ASSERT_TRUE(remove_dirty_bitmap(image.node, "stopped"));
  EXPECT_EQ(count_bitmaps(image.node), 0u);
  remove(image);
  const ImageNode again = open(file);
  EXPECT_EQ(count_bitmaps(again.node), 0u);
  remove(again);
  expect_clean(*file);
}

TEST_F(Qcow2ImageDriverBitmapsTest, CanOnlyBeRemovedWhenTheyAreLost) {
  MainLoop::assert_here();
  const auto file = make_image();
  {
    const ImageNode image = open(file);
    ASSERT_TRUE(add_dirty_bitmap(image.node, {.name = "kept", .persistent = true}));
    remove(image);
  }
  // Somebody opens it, and is killed.
  run_in_coroutine([&]() LV_COROUTINE_FN {
    const auto image = co_open_image(*file);
    ASSERT_TRUE(image);
    ASSERT_FALSE(image->co_close());
  });
  const ImageNode image = open(file);
  for (const BitmapUse use : {BitmapUse::read, BitmapUse::change}) {
    const auto refused = find_free_dirty_bitmap(image.node, "kept", use);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("is inconsistent"), std::string::npos)
        << refused.error().message;
  }
  EXPECT_EQ(add_dirty_bitmap(image.node, {.name = "kept"}).error().code, std::errc::file_exists);
  ASSERT_TRUE(remove_dirty_bitmap(image.node, "kept"));
  ASSERT_TRUE(add_dirty_bitmap(image.node, {.name = "kept", .persistent = true}));
  remove(image);
  expect_clean(*file);
}

TEST_F(Qcow2ImageDriverBitmapsTest, StayWhenTheImageBecomesReadOnlyAndWritable) {
  MainLoop::assert_here();
  const auto file = make_image();
  {
    const ImageNode image = open(file);
    const auto kept =
        add_dirty_bitmap(image.node, {.name = "kept", .granularity = cluster, .persistent = true});
    ASSERT_TRUE(kept);
    for (uint64_t number = 0; number < 3; ++number) {
      BlockBackend& disk = backend_of(image.node);
      in_coroutine(main(), [&]() LV_COROUTINE_FN { co_write_letter(disk, number, 'a'); });
      ASSERT_TRUE(disk.remove());
      ASSERT_TRUE(set_read_only(image.node, true));
      EXPECT_TRUE((*kept)->read_only());
      // What is in the file now is good.
      run_in_coroutine([&]() LV_COROUTINE_FN {
        MemoryFile copy(file->content());
        const auto other = co_open_image(copy, {{.writable = false}, nullptr});
        ASSERT_TRUE(other);
        EXPECT_EQ(other->take_bitmaps().front()->count(), (number + 1) * cluster);
      });
      ASSERT_TRUE(set_read_only(image.node, false));
      EXPECT_FALSE((*kept)->read_only());
    }
    // One that can't be stored has the image stay writable, and is in use in the file.
    file->before_change = [](MemoryFile::Event::Kind, uint64_t) {
      return std::make_error_code(std::errc::no_space_on_device);
    };
    EXPECT_FALSE(set_read_only(image.node, true));
    file->before_change = nullptr;
    EXPECT_FALSE((*kept)->read_only());
    remove(image);
  }
  const ImageNode image = open(file);
  EXPECT_EQ((*find_free_dirty_bitmap(image.node, "kept"))->count(), 3 * cluster);
  remove(image);
  expect_clean(*file);
}

TEST_F(Qcow2ImageDriverBitmapsTest, AreRefusedWhereTheyCanNotBeKept) {
  MainLoop::assert_here();
  const auto old = make_image({.size = disk_size, .version = 2, .cluster_bits = 12});
  const ImageNode image = open(old);
  auto refused = add_dirty_bitmap(image.node, {.name = "one", .persistent = true});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("has version 2"), std::string::npos)
      << refused.error().message;
  refused = add_dirty_bitmap(image.file, {.name = "one", .persistent = true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "the driver 'test file' can't keep dirty bitmaps.");
  remove(image);
  const auto large = make_image({.size = uint64_t{1} << 45});
  const ImageNode disk = open(large);
  refused = add_dirty_bitmap(disk.node, {.name = "one", .granularity = 4096, .persistent = true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, std::errc::file_too_large);
  remove(disk);
}

// --- snapshots -----------------------------------------------------------------------------------

TEST_F(Qcow2ImageDriverBitmapsTest, SnapshotsAreTakenAndDeletedUnderLoad) {
  MainLoop::assert_here();
  start_threads(2);
  const auto file = make_image();
  file->yields = true;
  const ImageNode image = open(file, {.l2_cache_bytes = 0});
  BlockBackend& disk = backend_of(image.node);
  std::atomic<bool> stops = false;
  std::atomic<unsigned> running = 2;
  for (unsigned writer = 0; writer < 2; ++writer)
    ASSERT_TRUE(Coroutine::spawn(io(writer), [&, writer]() LV_COROUTINE_FN {
      DiskModel random({}, cluster, writer);
      for (unsigned round = 0; !stops; ++round) {
        const auto letter = static_cast<char>('a' + round % 26);
        const uint64_t number = 2 * random.below(32) + writer;
        co_write_letter(disk, number, letter);
        char found = 0;
        EXPECT_FALSE(disk.co_preadv(number * cluster, {&found, 1}));
        EXPECT_EQ(found, letter);
      }
      --running;
    }));
  for (int round = 0; round < 15; ++round) {
    const std::string name = "s" + std::to_string(round);
    const auto taken = image.driver.take_snapshot(name);
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_EQ(taken->name, name);
    run_some_turns();
    if (round % 3 == 0)
      continue;
    in_coroutine(main(), [&]() LV_COROUTINE_FN {
      const auto gone = image.driver.co_delete_snapshot(std::nullopt, name);
      EXPECT_TRUE(gone) << gone.error().message;
      EXPECT_FALSE(image.driver.co_delete_snapshot(taken->id, name));
    });
  }
  // As a transaction that fails does it.
  {
    const DrainedSection drained(image.node);
    const auto taken = image.driver.take_snapshot("not");
    ASSERT_TRUE(taken);
    ASSERT_TRUE(image.driver.untake_snapshot(*taken));
  }
  {
    const MainGraphReadLock lock;
    EXPECT_EQ(image.driver.snapshots().size(), 5u);
  }
  stops = true;
  run_until([&] { return running == 0; });
  ASSERT_TRUE(disk.remove());
  file->yields = false;
  remove(image);
  expect_clean(*file);
}

} // namespace
} // namespace lockvet::runtime::qcow2
