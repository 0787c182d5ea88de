// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Many coroutines of several threads on one image, in the same clusters, and files that fail.

#include "runtime/coroutine/co_group.h"
#include "runtime/drivers/qcow2/check.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"

#include <algorithm>
#include <array>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 4096;
constexpr uint64_t disk = 64 * cluster;

// Each writes its own sectors, so that what has to be there at the end is known; the clusters they
// are in are everybody's.
constexpr uint64_t sector = 256;

std::error_code LV_COROUTINE_FN co_write_stripes(Image& image, Bytes& model, uint64_t number,
                                                 uint64_t writers, int steps) {
  DiskModel random({}, cluster, number);
  for (int step = 0; step < steps; ++step) {
    const uint64_t stripes = disk / sector / writers;
    const uint64_t offset = (random.below(stripes) * writers + number) * sector;
    const auto mine = std::span(model).subspan(offset, sector);
    Bytes bytes(sector);
    if (const auto error = image.co_read(offset, bytes))
      return error;
    EXPECT_TRUE(std::ranges::equal(bytes, mine)) << "writer " << number << " at " << offset;
    bytes = random.random_bytes(sector);
    const uint64_t kind = random.below(8);
    if (kind == 0)
      std::ranges::fill(bytes, std::byte{0});
    if (const auto error =
            kind == 0 ? image.co_write_zeroes(offset, sector, true) : image.co_write(offset, bytes))
      return error;
    std::ranges::copy(bytes, mine.begin());
    if (random.below(20) == 0)
      if (const auto error = image.co_flush())
        return error;
  }
  return {};
}

// Makes whole clusters come and go in the second half of the disk, which no stripe is in.
std::error_code LV_COROUTINE_FN co_move_clusters(Image& image, Bytes& model, uint64_t first,
                                                 int steps) {
  DiskModel random({}, cluster, first);
  for (int step = 0; step < steps; ++step) {
    const uint64_t offset = (first + random.below(8)) * cluster;
    const auto mine = std::span(model).subspan(offset, cluster);
    Bytes bytes(cluster);
    if (const auto error = image.co_read(offset, bytes))
      return error;
    EXPECT_TRUE(std::ranges::equal(bytes, mine)) << "cluster at " << offset;
    bytes = random.random_bytes(cluster);
    std::error_code error;
    switch (random.below(3)) {
    case 0:
      error = image.co_write_compressed(offset, bytes);
      break;
    case 1:
      error = image.co_discard(offset, cluster);
      std::ranges::fill(bytes, std::byte{0});
      break;
    default:
      error = image.co_write(offset, bytes);
    }
    if (error)
      return error;
    std::ranges::copy(bytes, mine.begin());
  }
  return {};
}

TEST(Qcow2ConcurrencyTest, ManyWritersInTheSameClusters) {
  constexpr uint64_t writers = 12;
  for (int round = 0; round < 3; ++round) {
    MemoryFile file;
    file.yields = true;
    // Stripes have the first half, and clusters that move the second.
    Bytes model(2 * disk);
    std::array<ThreadHome, 3> homes;
    ThreadHome owner;
    std::atomic<bool> done = false;
    ASSERT_TRUE(Coroutine::spawn(owner, [&]() LV_COROUTINE_FN {
      EXPECT_TRUE(co_create(file, {.size = 2 * disk, .cluster_bits = 12}));
      const auto image = co_open_image(file, {{.l2_cache_bytes = 0}});
      CoGroup group;
      for (uint64_t number = 0; number < writers; ++number)
        group.spawn(homes[number % homes.size()], [&, number]() LV_COROUTINE_FN {
          return co_write_stripes(*image, model, number, writers, 150);
        });
      for (uint64_t number = 0; number < 6; ++number)
        group.spawn(homes[number % homes.size()], [&, number]() LV_COROUTINE_FN {
          return co_move_clusters(*image, model, 64 + number * 8, 150);
        });
      EXPECT_FALSE(group.wait());
      DiskModel(model, cluster, 1).co_expect_same(*image);
      EXPECT_FALSE(image->co_close());
      const auto report = co_check(file);
      EXPECT_TRUE(report && report->clean());
      done = true;
      done.notify_one();
    }));
    done.wait(false);
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
}

// Both find the cluster unallocated, and one has to come second.
TEST(Qcow2ConcurrencyTest, TwoAllocateOneCluster) {
  MemoryFile file;
  ManualHome home;
  std::unique_ptr<Image> image;
  const auto spawn = [&](auto body) { ASSERT_TRUE(Coroutine::spawn(home, body)); };
  spawn([&]() LV_COROUTINE_FN {
    EXPECT_TRUE(co_create(file, {.size = disk, .cluster_bits = 12}));
    image = co_open_image(file);
  });
  home.run();
  file.yields = true;
  for (const uint64_t offset : {0u, 1024u, 2048u})
    spawn([&, offset]() LV_COROUTINE_FN {
      EXPECT_FALSE(image->co_write(offset, Bytes(1024, std::byte{0x33})));
    });
  home.run();
  spawn([&]() LV_COROUTINE_FN {
    Bytes bytes(cluster);
    EXPECT_FALSE(image->co_read(0, bytes));
    std::fill_n(bytes.begin() + 3072, 1024, std::byte{0x33});
    EXPECT_EQ(bytes, Bytes(cluster, std::byte{0x33}));
    EXPECT_FALSE(image->co_close());
    const auto report = co_check(file);
    EXPECT_TRUE(report && report->clean());
    // Header, table, block, L1, L2 and one for data.
    EXPECT_EQ(report->end_cluster, 6u);
  });
  home.run();
}

// Whatever fails, and whenever: the request says so, the others go on, and the image has no worse
// than leaks.
TEST(Qcow2ConcurrencyTest, FailuresOfTheFileDoNoHarm) {
  unsigned failed = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      MemoryFile file;
      ASSERT_TRUE(co_create(file, {.size = disk / 8, .cluster_bits = 9}));
      DiskModel random({}, 512, seed);
      {
        const auto image = co_open_image(file, {{.l2_cache_bytes = 0, .refcount_cache_bytes = 0}});
        ASSERT_TRUE(image);
        DiskModel model(Bytes(disk / 8), 512, seed);
        model.compares = false;
        file.before_change = [&](MemoryFile::Event::Kind, uint64_t) {
          return random.below(30) == 0 ? io_error() : std::error_code();
        };
        for (int step = 0; step < 150; ++step)
          if (model.co_step(*image, false))
            ++failed;
        file.before_change = nullptr;
        (void)image->co_close();
      }
      const auto report = co_check(file);
      ASSERT_TRUE(report) << report.error().message;
      EXPECT_EQ(report->corruptions, 0u) << report->problems.front();
    });
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(failed, 100u);
}

} // namespace
} // namespace lockvet::runtime::qcow2
