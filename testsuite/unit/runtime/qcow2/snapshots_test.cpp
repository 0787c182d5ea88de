// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Internal snapshots: they keep what the disk was, the disk goes on, and when they are gone it has
// its clusters for itself again.

#include "testsuite/unit/runtime/qcow2/snapshot_use.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 512;
constexpr uint64_t disk = 200 * cluster;

struct Kept {
  std::string name;
  Bytes content;
};

void LV_COROUTINE_FN co_expect_kept(MemoryFile& file, std::span<const Kept> kept,
                                    ImageFile* backing) {
  for (const Kept& snapshot : kept) {
    const Bytes content = co_content_of(file, snapshot.name, backing);
    ASSERT_EQ(content.size(), snapshot.content.size()) << snapshot.name;
    EXPECT_TRUE(content == snapshot.content) << snapshot.name;
  }
}

class Qcow2SnapshotsTest : public testing::TestWithParam<CreateOptions> {};

TEST_P(Qcow2SnapshotsTest, KeepWhatTheDiskWas) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      MemoryFile file;
      DiskModel random({}, cluster, seed);
      MemoryFile backing(random.random_bytes(50 * cluster));
      ImageFile* const base = GetParam().backing_name ? &backing : nullptr;
      ASSERT_TRUE(co_create(file, GetParam()));
      Bytes content = base != nullptr ? backing.content() : Bytes();
      content.resize(disk);
      DiskModel model(std::move(content), cluster, seed);
      std::vector<Kept> kept;
      unsigned number = 0;
      for (int opening = 0; opening < 3; ++opening) {
        const auto image =
            co_open_image(file, {{.l2_cache_bytes = 0, .refcount_cache_bytes = 0}, base});
        ASSERT_TRUE(image);
        ASSERT_EQ(image->snapshots().size(), kept.size());
        for (int step = 0; step < 150; ++step) {
          ASSERT_FALSE(model.co_step(*image, false)) << image->co_corruption();
          if (step % 30 == 0) {
            kept.push_back({"s" + std::to_string(number++), model.content()});
            co_take(*image, kept.back().name);
          }
          if (step % 25 == 24 && !kept.empty()) {
            const size_t gone = random.below(kept.size());
            co_delete(*image, kept[gone].name);
            kept.erase(kept.begin() + static_cast<ptrdiff_t>(gone));
          }
          if (testing::Test::HasFailure())
            return;
        }
        model.co_expect_same(*image);
        ASSERT_FALSE(image->co_close());
        co_expect_clean(file);
        co_expect_kept(file, kept, base);
      }
      // Without any, everything is written in place again, but what is compressed.
      const auto image = co_open_image(file, {{}, base});
      ASSERT_TRUE(image);
      while (!kept.empty()) {
        co_delete(*image, kept.back().name);
        kept.pop_back();
      }
      ASSERT_FALSE(image->co_flush());
      for (uint64_t offset = 0; offset < disk;) {
        const auto extent = image->co_extent(offset, disk - offset);
        ASSERT_TRUE(extent);
        EXPECT_TRUE(extent->copied || extent->kind != ClusterKind::data) << offset;
        offset += extent->bytes;
      }
      ASSERT_FALSE(image->co_close());
      co_expect_clean(file);
      const auto header = co_read_header(file);
      ASSERT_TRUE(header);
      EXPECT_EQ(header->snapshot_count, 0u);
      EXPECT_EQ(header->snapshots_offset, 0u);
    });
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Qcow2SnapshotsTest,
    testing::Values(CreateOptions{.size = disk, .cluster_bits = 9},
                    CreateOptions{.size = disk, .cluster_bits = 9, .backing_name = "base"},
                    CreateOptions{.size = disk, .version = 2, .cluster_bits = 9},
                    CreateOptions{.size = disk, .cluster_bits = 9, .refcount_order = 6}));

class Qcow2SnapshotTest : public testing::Test {
protected:
  MemoryFile file_;
};

TEST_F(Qcow2SnapshotTest, HaveNumbersAndDates) {
  run_in_coroutine([&]() LV_COROUTINE_FN {
    ASSERT_TRUE(co_create(file_, {.size = disk, .cluster_bits = 9}));
    const auto image = co_open_image(file_);
    for (const char* const name : {"a", "b", "", "a"})
      ASSERT_TRUE(image->co_take_snapshot(
          {.name = name, .seconds = 1700000000, .nanoseconds = 5, .clock_nanoseconds = 6}));
    co_delete(*image, "b");
    EXPECT_EQ(co_take(*image, "c"), "5");
    // The first of a name; by both; and one that is not there.
    EXPECT_EQ(image->co_begin_deletion(std::nullopt, "a")->id, "1");
    while (!image->co_continue_deletion().value())
      ;
    EXPECT_FALSE(image->co_begin_deletion("4", "c"));
    const auto missing = image->co_begin_deletion("7", "x");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().message,
              "qcow2: there is no snapshot with the id '7' and the name 'x'");
    EXPECT_EQ(image->co_begin_deletion("4", "a")->id, "4");
    // Closing it does the rest.
    ASSERT_FALSE(image->co_close());
    co_expect_clean(file_);
    const auto again = co_open_image(file_);
    const auto left = again->snapshots();
    ASSERT_EQ(left.size(), 2u);
    EXPECT_EQ(left[0].id, "3");
    EXPECT_EQ(left[0].name, "");
    EXPECT_EQ(left[0].seconds, 1700000000u);
    EXPECT_EQ(left[0].nanoseconds, 5u);
    EXPECT_EQ(left[0].clock_nanoseconds, 6u);
    EXPECT_EQ(left[0].disk_bytes(), disk);
    EXPECT_EQ(left[0].state_bytes(), 0u);
    EXPECT_EQ(left[0].instructions(), std::nullopt);
    EXPECT_EQ(left[1].id, "5");
    ASSERT_FALSE(again->co_close());
  });
}

TEST_F(Qcow2SnapshotTest, AreRefusedWhereCountsHaveNoRoom) {
  // One bit each; and two bits, of which the fourth has none left.
  for (const uint32_t order : {0u, 1u})
    run_in_coroutine([&]() LV_COROUTINE_FN {
      ASSERT_TRUE(co_create(file_, {.size = disk, .cluster_bits = 9, .refcount_order = order}));
      const auto image = co_open_image(file_);
      ASSERT_FALSE(image->co_write(0, Bytes(disk, std::byte{1})));
      for (uint32_t number = 0; number < order * 2; ++number)
        ASSERT_TRUE(image->co_take_snapshot({.name = "s"}));
      // What is new is counted once, and what comes first.
      ASSERT_FALSE(image->co_write(0, Bytes(cluster, std::byte{2})));
      const auto refused = image->co_take_snapshot({.name = "s"});
      ASSERT_FALSE(refused);
      EXPECT_NE(refused.error().message.find(order == 0 ? "one bit" : "3 times"), std::string::npos)
          << refused.error().message;
      EXPECT_EQ(image->snapshots().size(), order * 2);
      ASSERT_FALSE(image->co_close());
      co_expect_clean(file_);
    });
}

TEST_F(Qcow2SnapshotTest, LeaveAnImageWithoutCorruptionsWhereTheFileFails) {
  MemoryFile start;
  DiskModel model(Bytes(disk), cluster, 3);
  run_in_coroutine([&]() LV_COROUTINE_FN {
    ASSERT_TRUE(co_create(start, {.size = disk, .cluster_bits = 9}));
    const auto image = co_open_image(start);
    for (int step = 0; step < 80; ++step)
      ASSERT_FALSE(model.co_step(*image, false));
    co_take(*image, "first");
    for (int step = 0; step < 20; ++step)
      ASSERT_FALSE(model.co_step(*image, false));
    ASSERT_FALSE(image->co_close());
  });
  bool done = false;
  unsigned fails_at = 0;
  for (; !done; ++fails_at) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      MemoryFile file(start.content());
      const auto image = co_open_image(
          file,
          {{.discard_freed = false, .l2_cache_bytes = 0, .refcount_cache_bytes = 0}, nullptr});
      ASSERT_TRUE(image);
      unsigned changes = 0;
      file.before_change = [&](MemoryFile::Event::Kind, uint64_t) {
        return changes++ == fails_at ? std::make_error_code(std::errc::no_space_on_device)
                                     : std::error_code();
      };
      bool failed = !image->co_take_snapshot({.name = "second"});
      if (!failed) {
        failed = !image->co_begin_deletion("1", std::nullopt);
        while (!failed) {
          const auto finished = image->co_continue_deletion();
          failed = !finished;
          if (finished && *finished)
            break;
        }
      }
      done = changes <= fails_at;
      ASSERT_NE(failed, done);
      file.before_change = nullptr;
      (void)image->co_close();
      const auto report = co_check(file);
      ASSERT_TRUE(report);
      ASSERT_EQ(report->corruptions, 0u) << report->problems.front();
      const auto again = co_open_image(file, {{.writable = false}, nullptr});
      ASSERT_TRUE(again);
      model.co_expect_same(*again);
      for (const Snapshot& snapshot : again->snapshots())
        EXPECT_TRUE(snapshot.name != "second" ||
                    co_content_of(file, "second", nullptr) == model.content());
    });
    ASSERT_FALSE(HasFailure()) << "fails at " << fails_at;
  }
  EXPECT_GT(fails_at, 20u);
}

TEST_F(Qcow2SnapshotTest, TakeTheDiskBetweenTwoRequests) {
  // Each request writes one number to all of the disk, so that a snapshot has one number in it.
  run_in_coroutine(
      [&]() LV_COROUTINE_FN { ASSERT_TRUE(co_create(file_, {.size = disk, .cluster_bits = 9})); });
  file_.yields = true;
  ManualHome home;
  std::unique_ptr<Image> image;
  unsigned running = 3;
  ASSERT_TRUE(Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
    image = co_open_image(file_);
    ASSERT_TRUE(image);
    for (int writer = 0; writer < 2; ++writer)
      ASSERT_TRUE(Coroutine::spawn(home, [&, writer]() LV_COROUTINE_FN {
        for (int round = 1; round < 40; ++round)
          EXPECT_FALSE(
              image->co_write(0, Bytes(disk, static_cast<std::byte>(writer * 100 + round))));
        --running;
      }));
    ASSERT_TRUE(Coroutine::spawn(home, [&]() LV_COROUTINE_FN {
      for (int number = 0; number < 12; ++number) {
        co_take(*image, "s" + std::to_string(number));
        if (number % 3 == 2)
          co_delete(*image, "s" + std::to_string(number - 1));
      }
      --running;
    }));
  }));
  home.run();
  ASSERT_EQ(running, 0u);
  run_in_coroutine([&]() LV_COROUTINE_FN {
    ASSERT_FALSE(image->co_close());
    co_expect_clean(file_);
    for (const Snapshot& snapshot : image->snapshots()) {
      const Bytes content = co_content_of(file_, snapshot.name, nullptr);
      ASSERT_FALSE(content.empty());
      EXPECT_EQ(std::ranges::count(content, content.front()),
                static_cast<ptrdiff_t>(content.size()))
          << snapshot.name;
    }
  });
}

} // namespace
} // namespace lockvet::runtime::qcow2
