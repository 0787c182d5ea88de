// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images that are made, written, closed, opened and read again, in memory.

#include "runtime/drivers/qcow2/check.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {
namespace {

struct Shape {
  uint32_t version;
  uint32_t cluster_bits;
  uint32_t refcount_order;
  Compression compression;
  bool backing;
};

class Qcow2ImageTest : public testing::TestWithParam<Shape> {};

TEST_P(Qcow2ImageTest, HoldsWhatAModelHolds) {
  const Shape& shape = GetParam();
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      MemoryFile file;
      const uint64_t cluster_size = uint64_t{1} << shape.cluster_bits;
      DiskModel maker({}, cluster_size, seed);
      const uint64_t size = 1 + maker.below(200 * cluster_size);
      // Sometimes shorter than the image, sometimes longer.
      MemoryFile backing(maker.random_bytes(maker.below(2 * size)));
      auto created = co_create(file, {.size = size,
                                      .version = shape.version,
                                      .cluster_bits = shape.cluster_bits,
                                      .refcount_order = shape.refcount_order,
                                      .compression = shape.compression,
                                      .backing_name = shape.backing ? "base" : ""});
      ASSERT_TRUE(created) << created.error().message;
      Bytes content = shape.backing ? backing.content() : Bytes();
      content.resize(size);
      DiskModel model(std::move(content), cluster_size, seed);
      for (int round = 0; round < 4; ++round) {
        // Small caches, so that tables come and go.
        const auto image = co_open_image(file, {{.l2_cache_bytes = 0, .refcount_cache_bytes = 0},
                                                shape.backing ? &backing : nullptr});
        ASSERT_TRUE(image);
        for (int step = 0; step < 100 && !testing::Test::HasFailure(); ++step) {
          const auto error = model.co_step(*image, true);
          ASSERT_FALSE(error) << error.message() << image->co_corruption();
        }
        model.co_expect_same(*image);
        ASSERT_FALSE(image->co_close());
        ASSERT_EQ(image->co_corruption(), "");
        const auto report = co_check(file);
        ASSERT_TRUE(report) << report.error().message;
        ASSERT_TRUE(report->clean()) << report->problems.front();
      }
      const auto image =
          co_open_image(file, {{.writable = false}, shape.backing ? &backing : nullptr});
      ASSERT_TRUE(image);
      model.co_expect_same(*image);
    });
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

constexpr auto deflate = Compression::deflate;
constexpr auto zstd = Compression::zstd;
INSTANTIATE_TEST_SUITE_P(Shapes, Qcow2ImageTest,
                         testing::Values(Shape{3, 9, 0, deflate, false}, Shape{3, 9, 6, zstd, true},
                                         Shape{3, 10, 1, deflate, true},
                                         Shape{3, 12, 2, deflate, false},
                                         Shape{3, 9, 3, zstd, false}, Shape{3, 12, 4, zstd, true},
                                         Shape{2, 9, 4, deflate, false},
                                         Shape{2, 12, 4, deflate, true},
                                         Shape{3, 11, 5, deflate, true}));

} // namespace
} // namespace lockvet::runtime::qcow2
