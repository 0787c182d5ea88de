// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The power fails: after any write, and with any of those since the last flush missing or torn, the
// image has no worse than leaks, and all that was flushed is there.

#include "runtime/drivers/qcow2/check.h"
#include "testsuite/unit/runtime/qcow2/crash_replay.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {
namespace {

// What the disk had after each request since the last flush that ended, and how long the log of the
// file was then.
struct Past {
  size_t events;
  Bytes content;
  bool flushed;
};

void LV_COROUTINE_FN co_judge(const Bytes& content, std::span<const Past> pasts,
                              ImageFile* backing) {
  MemoryFile file(content);
  const auto report = co_check(file);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->corruptions, 0u) << report->problems.front();
  const auto image = co_open_image(file, {{}, backing});
  ASSERT_TRUE(image);
  const auto size = image->co_size();
  ASSERT_TRUE(
      std::ranges::any_of(pasts, [&](const Past& past) { return past.content.size() == *size; }));
  // What a resize that did not come to its end takes away is nobody's.
  size_t sure = *size;
  for (const Past& past : pasts)
    sure = std::min(sure, past.content.size());
  Bytes found(sure);
  ASSERT_FALSE(image->co_read(0, found));
  const auto& flushed = pasts.front().content;
  for (size_t at = 0; at < sure; ++at)
    if (flushed[at] != found[at] && std::ranges::none_of(pasts, [&](const Past& past) {
          return past.content[at] == found[at];
        }))
      FAIL() << "at " << at << " there is " << std::to_integer<int>(found[at])
             << ", which was never there since the flush";
}

struct Shape {
  uint32_t version;
  uint32_t cluster_bits;
  uint32_t refcount_order;
  bool backing;
  bool may_resize;
  uint64_t clusters = 60;
  // So many are in use before it begins.
  uint64_t used_clusters = 0;
  int steps = 120;
  bool grows_refcount_table = false;
};

class Qcow2CrashTest : public testing::TestWithParam<Shape> {};

TEST_P(Qcow2CrashTest, LosesNothingThatWasFlushed) {
  const Shape& shape = GetParam();
  unsigned crashes = 0;
  for (uint64_t seed = 1; seed <= 2; ++seed) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      MemoryFile file;
      const uint64_t cluster_size = uint64_t{1} << shape.cluster_bits;
      const uint64_t size = shape.clusters * cluster_size;
      DiskModel maker({}, cluster_size, seed);
      MemoryFile backing(maker.random_bytes(50 * cluster_size));
      ImageFile* const base = shape.backing ? &backing : nullptr;
      ASSERT_TRUE(co_create(file, {.size = size,
                                   .version = shape.version,
                                   .cluster_bits = shape.cluster_bits,
                                   .refcount_order = shape.refcount_order}));
      Bytes content = shape.backing ? backing.content() : Bytes();
      content.resize(size);
      if (shape.used_clusters != 0) {
        const Bytes used = maker.random_bytes(shape.used_clusters * cluster_size);
        const auto image = co_open_image(file, {{}, base});
        ASSERT_TRUE(image);
        ASSERT_FALSE(image->co_write(0, used));
        ASSERT_FALSE(image->co_close());
        std::ranges::copy(used, content.begin());
      }
      DiskModel model(std::move(content), cluster_size, seed);
      const auto header_before = co_read_header(file);
      ASSERT_TRUE(header_before);
      Bytes stable = file.content();
      file.logs = true;
      std::vector<Past> pasts = {{0, model.content(), true}};
      {
        const auto image =
            co_open_image(file, {{.l2_cache_bytes = 0, .refcount_cache_bytes = 0}, base});
        ASSERT_TRUE(image);
        for (int step = 0; step < shape.steps; ++step) {
          ASSERT_FALSE(model.co_step(*image, shape.may_resize)) << image->co_corruption();
          pasts.push_back({file.log.size(), model.content(), false});
          if (step % 9 == 8) {
            ASSERT_FALSE(image->co_flush());
            pasts.push_back({file.log.size(), model.content(), true});
          }
        }
        ASSERT_FALSE(image->co_close());
        pasts.push_back({file.log.size(), model.content(), true});
      }
      const auto header = co_read_header(file);
      ASSERT_TRUE(header);
      ASSERT_EQ(header->refcount_table_clusters > header_before->refcount_table_clusters,
                shape.grows_refcount_table);
      std::mt19937_64 random(seed);
      size_t first_past = 0;
      co_for_each_crash(
          std::move(stable), file.log, random,
          [&](const Bytes& found, size_t events, int variant) LV_COROUTINE_FN {
            // Of a large image, which takes long to look at, one of them each.
            if (testing::Test::HasFailure() ||
                (shape.clusters > 1000 && events % 3 != static_cast<size_t>(variant)))
              return;
            while (first_past + 1 < pasts.size() && pasts[first_past + 1].events <= events) {
              ++first_past;
              if (!pasts[first_past].flushed)
                continue;
              pasts.erase(pasts.begin(), pasts.begin() + static_cast<ptrdiff_t>(first_past));
              first_past = 0;
            }
            // From the last flush to the request that was under way.
            const size_t count = std::min(first_past + 2, pasts.size());
            co_judge(found, std::span(pasts).first(count), base);
            ASSERT_FALSE(testing::Test::HasFailure())
                << "seed " << seed << ", after " << events << " of " << file.log.size()
                << " events, variant " << variant;
            ++crashes;
          });
    });
    ASSERT_FALSE(HasFailure());
  }
  RecordProperty("crashes", std::to_string(crashes));
  EXPECT_GT(crashes, 200u);
}

// The last ones have a second refcount block, several L2 tables, and a refcount table that gets too
// small.
INSTANTIATE_TEST_SUITE_P(Shapes, Qcow2CrashTest,
                         testing::Values(Shape{3, 9, 4, false, false}, Shape{3, 9, 4, true, false},
                                         Shape{3, 9, 0, true, false}, Shape{3, 10, 6, false, true},
                                         Shape{2, 9, 4, true, false}, Shape{3, 9, 4, true, true},
                                         Shape{3, 9, 6, false, false, 400},
                                         Shape{2, 9, 4, false, true, 400, 200},
                                         Shape{3, 9, 4, true, true, 400, 100},
                                         Shape{3, 9, 6, false, false, 4400, 3966, 60, true}));

} // namespace
} // namespace lockvet::runtime::qcow2
