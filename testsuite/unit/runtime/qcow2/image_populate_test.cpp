// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An image takes over what it shows of its backing file, and gets another one or none.

#include "runtime/drivers/qcow2/check.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {
namespace {

constexpr uint64_t cluster = 512;

void LV_COROUTINE_FN co_expect_clean(ImageFile& file) {
  const auto report = co_check(file);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->clean()) << report->problems.front();
}

TEST(Qcow2PopulateTest, NeedsNoBackingFileAfterwards) {
  for (uint64_t seed = 1; seed <= 8; ++seed)
    run_in_coroutine([&]() LV_COROUTINE_FN {
      DiskModel maker({}, cluster, seed);
      const uint64_t size = 1 + maker.below(150 * cluster);
      MemoryFile base(maker.random_bytes(maker.below(2 * size)));
      // Some of it is zeroes, and shown as such.
      if (base.length() > 20 * cluster) {
        ASSERT_FALSE(base.co_write_zeroes(3 * cluster, 9 * cluster, false));
      }
      MemoryFile file;
      ASSERT_TRUE(co_create(file, {.size = size,
                                   .version = seed % 3 == 0 ? 2U : 3U,
                                   .cluster_bits = 9,
                                   .backing_name = "base",
                                   .backing_format = "raw"}));
      Bytes content = base.content();
      content.resize(size);
      DiskModel model(std::move(content), cluster, seed);
      auto image = co_open_image(file, {{}, &base});
      ASSERT_TRUE(image);
      for (int step = 0; step < 40; ++step)
        ASSERT_FALSE(model.co_step(*image, false));
      for (uint64_t at = 0; at < size; at += 1000)
        ASSERT_FALSE(image->co_populate(at, std::min<uint64_t>(1000, size - at)));
      model.co_expect_same(*image);
      const auto extent = image->co_extent(0, size);
      ASSERT_TRUE(extent);
      EXPECT_NE(extent->kind, ClusterKind::unallocated);
      ASSERT_FALSE(image->co_change_backing_file_name({}));
      image->set_backing(nullptr);
      EXPECT_FALSE(image->has_backing());
      model.co_expect_same(*image);
      for (int step = 0; step < 10; ++step)
        ASSERT_FALSE(model.co_step(*image, false));
      ASSERT_FALSE(image->co_close());
      co_expect_clean(file);
      image = co_open_image(file);
      ASSERT_TRUE(image);
      EXPECT_EQ(image->co_backing_file_name(), BackingFileName{});
      model.co_expect_same(*image);
      ASSERT_FALSE(image->co_close());
    });
}

TEST(Qcow2PopulateTest, WantsTheBackingFileThatIsNamed) {
  run_in_coroutine([&]() LV_COROUTINE_FN {
    MemoryFile file;
    ASSERT_TRUE(co_create(file, {.size = 10 * cluster, .cluster_bits = 9, .backing_name = "base"}));
    const auto image = co_open_image(file);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->co_populate(0, cluster), std::errc::no_such_device);
    EXPECT_EQ(image->co_populate(0, 11 * cluster), std::errc::invalid_argument);
    ASSERT_FALSE(image->co_close());
  });
}

// Whenever the power fails, the header names the one or the other, with its format.
TEST(Qcow2PopulateTest, NamesAnotherBackingFileAtOnce) {
  const std::vector<BackingFileName> names = {{"first", "qcow2"},
                                              {"another one, with a longer name", "raw"},
                                              {},
                                              {"x", "qcow2"},
                                              {std::string(200, 'n'), "qcow2"}};
  run_in_coroutine([&]() LV_COROUTINE_FN {
    MemoryFile file;
    ASSERT_TRUE(co_create(file, {.size = 10 * 4096,
                                 .cluster_bits = 12,
                                 .backing_name = names.front().name,
                                 .backing_format = names.front().format}));
    Bytes before = file.content();
    auto image = co_open_image(file);
    ASSERT_TRUE(image);
    for (size_t number = 1; number < names.size(); ++number) {
      file.logs = true;
      file.log.clear();
      ASSERT_FALSE(image->co_change_backing_file_name(names[number]));
      EXPECT_EQ(image->co_backing_file_name(), names[number]);
      ASSERT_EQ(file.log.back().kind, MemoryFile::Event::Kind::flush);
      unsigned seen = 0;
      // So many writes have happened, and of the next any sectors.
      for (const MemoryFile::Event& event : file.log) {
        for (unsigned torn = 0; torn < 4 && !event.data.empty(); ++torn) {
          Bytes content = before;
          for (size_t at = 0; at < event.data.size(); ++at)
            if (((event.offset + at) / 512) % 2 == torn % 2 || torn > 1)
              content.at(event.offset + at) =
                  torn == 3 ? content.at(event.offset + at) : event.data[at];
          MemoryFile crashed(std::move(content));
          const auto found = co_read_header(crashed);
          ASSERT_TRUE(found) << found.error().message;
          const BackingFileName name{found->backing_name, found->backing_name.empty()
                                                              ? std::string()
                                                              : found->backing_format()};
          EXPECT_TRUE(name == names[number - 1] || name == names[number]) << name.name;
          seen |= name == names[number] ? 2 : 1;
        }
        std::ranges::copy(event.data, before.begin() + static_cast<ptrdiff_t>(event.offset));
      }
      EXPECT_EQ(seen, 3U);
    }
    ASSERT_FALSE(image->co_close());
    co_expect_clean(file);
    EXPECT_EQ(image->co_change_backing_file_name({std::string(1024, 'n'), ""}),
              std::errc::filename_too_long);
  });
}

TEST(Qcow2PopulateTest, SaysWhenAClusterHasNoRoomForTheName) {
  run_in_coroutine([&]() LV_COROUTINE_FN {
    MemoryFile file;
    ASSERT_TRUE(co_create(file, {.size = 10 * cluster, .version = 2, .cluster_bits = 9}));
    const auto image = co_open_image(file);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->co_change_backing_file_name({std::string(500, 'n'), "raw"}),
              std::errc::no_space_on_device);
    ASSERT_FALSE(image->co_change_backing_file_name({"base", "raw"}));
    EXPECT_EQ(image->co_backing_file_name(), (BackingFileName{"base", "raw"}));
    ASSERT_FALSE(image->co_close());
    co_expect_clean(file);
  });
}

} // namespace
} // namespace lockvet::runtime::qcow2
