// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The power fails while snapshots are taken and deleted, and while bitmaps are loaded and stored.

#include "testsuite/unit/runtime/qcow2/crash_replay.h"
#include "testsuite/unit/runtime/qcow2/snapshot_use.h"

#include <set>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 512;
constexpr uint64_t disk = 100 * cluster;

// Which snapshots there were, by the names that a request left, when the log of the file was that
// long.
struct Names {
  size_t events;
  std::set<std::string> names;
};

class SnapshotJudge {
public:
  std::map<std::string, Bytes> contents;
  std::vector<Names> past;

  void note(size_t events) {
    std::set<std::string> names;
    for (const auto& [name, content] : contents)
      if (!gone_.contains(name))
        names.insert(name);
    past.push_back({events, std::move(names)});
  }
  void gone(const std::string& name) { gone_.insert(name); }

  void LV_COROUTINE_FN co_judge(const Bytes& found, size_t events) {
    MemoryFile file(found);
    const auto report = co_check(file);
    ASSERT_TRUE(report) << report.error().message;
    ASSERT_EQ(report->corruptions, 0u) << report->problems.front();
    std::set<std::string> names;
    {
      const auto image = co_open_image(file);
      ASSERT_TRUE(image);
      for (const Snapshot& snapshot : image->snapshots())
        names.insert(snapshot.name);
      // What was there before the request that was under way, or what it was to leave.
      size_t last = 0;
      while (last + 1 < past.size() && past[last + 1].events <= events)
        ++last;
      const size_t next = std::min(last + 1, past.size() - 1);
      ASSERT_TRUE(names == past[last].names || names == past[next].names) << names.size();
      // They are not harmed by what is written next.
      ASSERT_FALSE(image->co_write(0, Bytes(disk, std::byte{0xee})));
      ASSERT_FALSE(image->co_close());
    }
    for (const std::string& name : names)
      ASSERT_TRUE(co_content_of(file, name, nullptr) == contents.at(name)) << name;
  }

private:
  std::set<std::string> gone_;
};

class Qcow2SnapshotCrashTest : public testing::TestWithParam<CreateOptions> {};

TEST_P(Qcow2SnapshotCrashTest, LeavesAllOfASnapshotOrNothing) {
  for (uint64_t seed = 1; seed <= 2; ++seed) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      MemoryFile file;
      ASSERT_TRUE(co_create(file, GetParam()));
      DiskModel model(Bytes(disk), cluster, seed);
      SnapshotJudge judge;
      const Bytes start = file.content();
      file.logs = true;
      judge.note(0);
      {
        const auto image =
            co_open_image(file, {{.l2_cache_bytes = 0, .refcount_cache_bytes = 0}, nullptr});
        ASSERT_TRUE(image);
        for (int number = 0; number < 4; ++number) {
          for (int step = 0; step < 12; ++step)
            ASSERT_FALSE(model.co_step(*image, false));
          const std::string name = "s" + std::to_string(number);
          judge.note(file.log.size());
          judge.contents[name] = model.content();
          co_take(*image, name);
          judge.note(file.log.size());
          if (number == 0)
            continue;
          for (int step = 0; step < 5; ++step)
            ASSERT_FALSE(model.co_step(*image, false));
          const std::string old = "s" + std::to_string(number - 1);
          judge.note(file.log.size());
          judge.gone(old);
          co_delete(*image, old);
          judge.note(file.log.size());
        }
        ASSERT_FALSE(image->co_close());
      }
      std::mt19937_64 random(seed);
      unsigned crashes = 0;
      co_for_each_crash(start, file.log, random,
                        [&](const Bytes& found, size_t events, int variant) LV_COROUTINE_FN {
                          if (testing::Test::HasFailure())
                            return;
                          judge.co_judge(found, events);
                          ASSERT_FALSE(testing::Test::HasFailure())
                              << "seed " << seed << ", after " << events << " of "
                              << file.log.size() << " events, variant " << variant;
                          ++crashes;
                        });
      EXPECT_GT(crashes, 200u);
    });
    ASSERT_FALSE(HasFailure());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Qcow2SnapshotCrashTest,
    testing::Values(CreateOptions{.size = disk, .cluster_bits = 9},
                    CreateOptions{.size = disk, .version = 2, .cluster_bits = 9},
                    CreateOptions{.size = disk, .cluster_bits = 9, .refcount_order = 6}));

// --- bitmaps -------------------------------------------------------------------------------------

// The bitmap's image with the names of features, before which its section is put, and with a name
// of a backing file that is in the way.
class Qcow2BitmapCrashTest : public testing::TestWithParam<CreateOptions> {};

TEST_P(Qcow2BitmapCrashTest, LeavesOldBitsNewBitsOrWordsThatTheyAreLost) {
  run_in_coroutine([&]() LV_COROUTINE_FN {
    constexpr uint64_t granularity = 512;
    MemoryFile file;
    MemoryFile base;
    ASSERT_TRUE(co_create(file, GetParam()));
    const Bytes start = file.content();
    const uint64_t size = GetParam().size;
    file.logs = true;
    const auto bitmap = std::make_shared<DirtyBitmap>("one", size, granularity);
    bitmap->set(0, size / 2);
    {
      const auto image = co_open_image(file, {{}, &base});
      ASSERT_TRUE(image);
      ASSERT_FALSE(image->co_store_bitmaps({bitmap}));
      ASSERT_FALSE(image->co_close());
    }
    const size_t stored = file.log.size();
    size_t opened = 0;
    DirtyBitmap last("one", size, granularity);
    {
      const auto image = co_open_image(file, {{}, &base});
      ASSERT_TRUE(image);
      opened = file.log.size();
      const Bitmaps bitmaps = image->take_bitmaps();
      ASSERT_FALSE(image->co_write(size - 600, Bytes(600, std::byte{1})));
      bitmaps.front()->set(size - 600, 600);
      last.merge(*bitmaps.front());
      ASSERT_FALSE(image->co_store_bitmaps(bitmaps));
      ASSERT_FALSE(image->co_close());
    }
    const size_t closed = file.log.size();
    {
      const auto image = co_open_image(file, {{}, &base});
      ASSERT_TRUE(image);
      ASSERT_FALSE(image->co_remove_bitmap("one"));
      ASSERT_FALSE(image->co_close());
    }
    std::mt19937_64 random(1);
    co_for_each_crash(start, file.log, random,
                      [&](const Bytes& found, size_t events, int variant) LV_COROUTINE_FN {
                        SCOPED_TRACE("after " + std::to_string(events) + " events, variant " +
                                     std::to_string(variant));
                        if (testing::Test::HasFailure())
                          return;
                        MemoryFile copy(found);
                        const auto report = co_check(copy);
                        ASSERT_TRUE(report) << report.error().message;
                        ASSERT_EQ(report->corruptions, 0u) << report->problems.front();
                        const auto image = co_open_image(copy, {{.writable = false}, &base});
                        ASSERT_TRUE(image);
                        const Bitmaps bitmaps = image->take_bitmaps();
                        if (bitmaps.empty()) {
                          EXPECT_TRUE(events < stored || events > closed);
                          return;
                        }
                        if (bitmaps.front()->inconsistent()) {
                          EXPECT_TRUE(events > stored && events != closed);
                          return;
                        }
                        const uint64_t count = bitmaps.front()->count();
                        EXPECT_TRUE((count == bitmap->count() && events <= opened) ||
                                    (count == last.count() && events > opened));
                      });
  });
}

INSTANTIATE_TEST_SUITE_P(Headers, Qcow2BitmapCrashTest,
                         testing::Values(CreateOptions{.size = 200000, .cluster_bits = 12},
                                         CreateOptions{.size = 200000, .cluster_bits = 9},
                                         CreateOptions{.size = 200000,
                                                       .cluster_bits = 12,
                                                       .backing_name = std::string(300, 'n'),
                                                       .backing_format = "raw"}));

} // namespace
} // namespace lockvet::runtime::qcow2
