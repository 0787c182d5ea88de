// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Dirty bitmaps by themselves, against a flat model and from several threads, and those of nodes,
// with requests in flight.

#include "runtime/graph/node_bitmaps.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/graph/test_drivers.h"

#include <random>
#include <thread>

namespace lockvet::runtime {
namespace {

using Area = DirtyBitmap::Area;

std::vector<Area> areas(const DirtyBitmap& bitmap) {
  std::vector<Area> found;
  for (auto area = bitmap.next_dirty(0, bitmap.length()); area;
       area = bitmap.next_dirty(area->end(), bitmap.length()))
    found.push_back(*area);
  return found;
}

TEST(DirtyBitmapTest, MarksWholeGranules) {
  DirtyBitmap bitmap("b", 10000, 1024);
  EXPECT_EQ(bitmap.count(), 0U);
  EXPECT_EQ(bitmap.next_dirty(0, 10000), std::nullopt);
  bitmap.set(1023, 2);
  EXPECT_EQ(bitmap.count(), 2048U);
  EXPECT_EQ(areas(bitmap), (std::vector<Area>{{0, 2048}}));
  EXPECT_TRUE(bitmap.dirty(2047, 1));
  EXPECT_FALSE(bitmap.dirty(2048, 5000));
  bitmap.set(9999, 1);
  EXPECT_EQ(areas(bitmap), (std::vector<Area>{{0, 2048}, {9216, 784}}));
  bitmap.clear(100, 1);
  EXPECT_EQ(areas(bitmap), (std::vector<Area>{{1024, 1024}, {9216, 784}}));
  // What is behind the end has no bit.
  bitmap.set(10000, 5000);
  EXPECT_EQ(bitmap.count(), 2048U);
  bitmap.clear_all();
  EXPECT_EQ(bitmap.count(), 0U);
}

TEST(DirtyBitmapTest, CutsAreasOff) {
  DirtyBitmap bitmap("b", 1 << 20, 512);
  bitmap.set(4096, 8192);
  EXPECT_EQ(bitmap.next_dirty(0, 1 << 20, 1000), (Area{4096, 1000}));
  EXPECT_EQ(bitmap.next_dirty(5000, 6000), (Area{5000, 1000}));
  EXPECT_EQ(bitmap.next_dirty(12288, 1 << 20), std::nullopt);
  EXPECT_EQ(bitmap.next_dirty(0, 4096), std::nullopt);
}

TEST(DirtyBitmapTest, TakesPowersOfTwoForGranularities) {
  EXPECT_TRUE(DirtyBitmap::is_granularity(512));
  EXPECT_TRUE(DirtyBitmap::is_granularity(uint64_t{1} << 31));
  EXPECT_FALSE(DirtyBitmap::is_granularity(256));
  EXPECT_FALSE(DirtyBitmap::is_granularity(uint64_t{1} << 32));
  EXPECT_FALSE(DirtyBitmap::is_granularity(1000));
  EXPECT_FALSE(DirtyBitmap::is_granularity(0));
}

TEST(DirtyBitmapTest, HoldsWhatAModelHolds) {
  std::minstd_rand random(1);
  const auto below = [&](uint64_t limit) { return random() % limit; };
  for (int round = 0; round < 30; ++round) {
    const uint64_t granularity = uint64_t{512} << below(4);
    uint64_t length = 1 + below(3000 * granularity);
    DirtyBitmap bitmap("b", length, granularity);
    std::vector<bool> model((length + granularity - 1) / granularity);
    for (int step = 0; step < 60; ++step) {
      const uint64_t offset = below(length);
      const uint64_t size = 1 + below(length - offset);
      const uint64_t first = offset / granularity;
      const uint64_t end = (offset + size + granularity - 1) / granularity;
      const unsigned kind = below(8);
      if (kind == 0) {
        length = 1 + below(5000 * granularity);
        bitmap.resize(length);
        model.resize((length + granularity - 1) / granularity);
      } else {
        std::fill(model.begin() + static_cast<ptrdiff_t>(first),
                  model.begin() + static_cast<ptrdiff_t>(end), kind < 4);
        kind < 4 ? bitmap.set(offset, size) : bitmap.clear(offset, size);
      }
      std::vector<bool> found(model.size());
      for (const Area& area : areas(bitmap))
        std::fill(found.begin() + static_cast<ptrdiff_t>(area.offset / granularity),
                  found.begin() +
                      static_cast<ptrdiff_t>((area.end() + granularity - 1) / granularity),
                  true);
      ASSERT_EQ(found, model);
      ASSERT_EQ(bitmap.count(),
                static_cast<uint64_t>(std::ranges::count(model, true)) * granularity);
    }
  }
}

TEST(DirtyBitmapTest, MergesAndTakesAcrossGranularities) {
  DirtyBitmap fine("fine", 1 << 20, 512);
  DirtyBitmap coarse("coarse", 1 << 20, 4096);
  fine.set(5000, 1);
  fine.set(100000, 9000);
  coarse.merge(fine);
  EXPECT_EQ(fine.count(), 512U + 18 * 512);
  EXPECT_EQ(areas(coarse), (std::vector<Area>{{4096, 4096}, {98304, 12288}}));
  coarse.clear_all();
  coarse.take_from(fine);
  EXPECT_EQ(fine.count(), 0U);
  EXPECT_TRUE(areas(fine).empty());
  EXPECT_EQ(areas(coarse), (std::vector<Area>{{4096, 4096}, {98304, 12288}}));
  fine.take_from(coarse);
  EXPECT_EQ(areas(fine), (std::vector<Area>{{4096, 4096}, {98304, 12288}}));
}

// Each bit that is set is taken once, whoever sets bits, and however long the disk becomes.
TEST(DirtyBitmapTest, LosesNoBitBetweenThreads) {
  constexpr uint64_t granules = 40000;
  DirtyBitmap bitmap("b", 1, 512);
  DirtyBitmap taken("taken", granules * 512, 512);
  constexpr unsigned writers = 3;
  std::atomic<unsigned> running = writers;
  std::vector<std::thread> threads;
  for (unsigned number = 0; number < writers; ++number)
    threads.emplace_back([&, number] {
      for (uint64_t granule = number; granule < granules; granule += writers) {
        bitmap.grow_to((granule + 1) * 512);
        bitmap.set(granule * 512, 512);
      }
      --running;
    });
  while (running > 0)
    taken.take_from(bitmap);
  for (std::thread& thread : threads)
    thread.join();
  taken.take_from(bitmap);
  EXPECT_EQ(bitmap.count(), 0U);
  EXPECT_EQ(areas(taken), (std::vector<Area>{{0, granules * 512}}));
}

class NodeBitmapTest : public GraphTest {};

TEST_F(NodeBitmapTest, MarksWhatRequestsChange) {
  MainLoop::assert_here();
  start_threads(1);
  const auto disk = add<MemoryDriver>("disk", size_t{65536});
  BlockBackend& guest = backend();
  ASSERT_TRUE(guest.insert(disk.node));
  const auto bitmap = add_dirty_bitmap(disk.node, {.name = "b", .granularity = 512});
  ASSERT_TRUE(bitmap);
  const auto off =
      add_dirty_bitmap(disk.node, {.name = "off", .granularity = 512, .enabled = false});
  ASSERT_TRUE(off);
  in_coroutine(io(0), [&]() LV_COROUTINE_FN {
    std::array<char, 512> data{};
    EXPECT_FALSE(guest.co_preadv(0, {data.data(), data.size()}));
    EXPECT_FALSE(guest.co_pwritev(1024, {data.data(), data.size()}));
    EXPECT_FALSE(guest.co_pwrite_zeroes(4096, 1024));
    EXPECT_FALSE(guest.co_discard(8192, 512));
    EXPECT_TRUE(guest.co_pwritev(65536, {data.data(), data.size()}));
  });
  EXPECT_EQ(areas(**bitmap), (std::vector<Area>{{1024, 512}, {4096, 1024}, {8192, 512}}));
  EXPECT_EQ((*off)->count(), 0U);
  EXPECT_TRUE(remove_dirty_bitmap(disk.node, "b"));
  EXPECT_TRUE(remove_dirty_bitmap(disk.node, "off"));
  in_coroutine(io(0), [&]() LV_COROUTINE_FN { EXPECT_FALSE(guest.co_pwrite_zeroes(30000, 1)); });
  // Who shares it still has it.
  EXPECT_EQ((*bitmap)->count(), 2048U);
}

TEST_F(NodeBitmapTest, RefusesWhatCanNotBe) {
  MainLoop::assert_here();
  const auto disk = add<MemoryDriver>("disk", size_t{65536});
  const auto code = [](const auto& result) {
    return result ? std::error_code() : result.error().code;
  };
  EXPECT_EQ(code(add_dirty_bitmap(disk.node, {.name = ""})), std::errc::invalid_argument);
  EXPECT_EQ(code(add_dirty_bitmap(disk.node, {.name = "b", .granularity = 300})),
            std::errc::invalid_argument);
  const auto bitmap = add_dirty_bitmap(disk.node, {.name = "b"});
  ASSERT_TRUE(bitmap);
  EXPECT_EQ(code(add_dirty_bitmap(disk.node, {.name = "b"})), std::errc::file_exists);
  EXPECT_EQ(code(remove_dirty_bitmap(disk.node, "c")), std::errc::no_such_file_or_directory);
  (*bitmap)->set_busy(true);
  EXPECT_EQ(code(remove_dirty_bitmap(disk.node, "b")), std::errc::device_or_resource_busy);
  (*bitmap)->set_busy(false);
  EXPECT_TRUE(remove_dirty_bitmap(disk.node, "b"));
}

// A bitmap that comes while others write has all that they write from then on.
TEST_F(NodeBitmapTest, ComesAndGoesUnderLoad) {
  MainLoop::assert_here();
  start_threads(2);
  constexpr uint64_t sectors = 128;
  const auto disk = add<MemoryDriver>("disk", size_t{sectors * 512});
  BlockBackend& guest = backend();
  ASSERT_TRUE(guest.insert(disk.node));
  std::atomic<bool> stop = false;
  std::array<std::array<std::atomic<uint64_t>, sectors>, 2> written{};
  std::atomic<unsigned> running = 2;
  for (unsigned thread = 0; thread < 2; ++thread)
    ASSERT_TRUE(Coroutine::spawn(io(thread), [&, thread]() LV_COROUTINE_FN {
      auto& context = dynamic_cast<AioContext&>(*Coroutine::current()->home());
      std::array<char, 512> data{};
      for (uint64_t turn = 0; !stop; ++turn) {
        const uint64_t sector = turn * 2 % sectors + thread;
        EXPECT_FALSE(guest.co_pwritev(sector * 512, {data.data(), data.size()}));
        ++written.at(thread).at(sector);
        context.assert_home();
        (void)co_sleep_until(context, Clock::now(), nullptr);
      }
      --running;
    }));
  for (int round = 0; round < 20; ++round) {
    const auto bitmap = add_dirty_bitmap(disk.node, {.name = "b", .granularity = 512});
    ASSERT_TRUE(bitmap);
    const auto counts = [&] {
      std::array<std::array<uint64_t, sectors>, 2> found{};
      for (unsigned thread = 0; thread < 2; ++thread)
        std::ranges::copy(written.at(thread), found.at(thread).begin());
      return found;
    };
    const auto before = counts();
    run_until([&] { return written[0][0] > before[0][0] + 1; });
    const auto after = counts();
    ASSERT_TRUE(remove_dirty_bitmap(disk.node, "b"));
    for (unsigned thread = 0; thread < 2; ++thread)
      for (uint64_t sector = 0; sector < sectors; ++sector)
        // The one that was in flight when it came may have been counted late.
        if (after.at(thread).at(sector) > before.at(thread).at(sector) + 1) {
          EXPECT_TRUE((*bitmap)->dirty(sector * 512, 512));
        }
  }
  stop = true;
  run_until([&] { return running == 0; });
}

} // namespace
} // namespace lockvet::runtime
