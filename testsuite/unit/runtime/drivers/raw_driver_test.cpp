// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The raw format: the whole of a file, and windows of it.

#include "runtime/drivers/raw_driver.h"
#include "testsuite/unit/runtime/drivers/driver_fixture.h"

namespace lockvet::runtime {
namespace {

class RawDriverTest : public DriverTest {
protected:
  // A disk over a raw node over a file of that content.
  BlockBackend&
  raw_over(const Bytes& content, RawDriver::Options options,
           BlockBackend::Options backend_options = growing) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    Node& file = add_file("file", make_file("disk", content));
    Node& raw = add_node("raw", std::make_unique<RawDriver>(options));
    attach(raw, "file", EdgeRole::data, file);
    BlockBackend& disk = backend(backend_options);
    const auto inserted = disk.insert(raw);
    EXPECT_TRUE(inserted) << inserted.error().message;
    return disk;
  }
  std::expected<uint64_t, std::error_code> length(BlockBackend& disk) {
    return ask([&]() LV_COROUTINE_FN { return disk.co_length(); });
  }
};

TEST_F(RawDriverTest, IsTheWholeFile) {
  MainLoop::assert_here();
  Bytes content = random_bytes(10'000);
  BlockBackend& disk = raw_over(content, {});
  EXPECT_EQ(length(disk), 10'000U);
  EXPECT_EQ(read(disk, 0, 10'000), content);
  const Bytes data = random_bytes(3'000);
  EXPECT_FALSE(write(disk, 9'000, data));
  EXPECT_EQ(length(disk), 12'000U);
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_truncate(11'000); }));
  content.resize(9'000);
  content.insert(content.end(), data.begin(), data.begin() + 2'000);
  EXPECT_EQ(read_whole_file(path("disk")), content);
}

TEST_F(RawDriverTest, BeginsAtAnOffset) {
  MainLoop::assert_here();
  Bytes content = random_bytes(10'000);
  BlockBackend& disk = raw_over(content, {.offset = 1'000});
  EXPECT_EQ(length(disk), 9'000U);
  EXPECT_EQ(read(disk, 8'999, 1), Bytes({content[9'999]}));
  EXPECT_TRUE(read(disk, 8'999, 2).empty());
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_truncate(500); }));
  EXPECT_EQ(std::filesystem::file_size(path("disk")), 1'500U);
}

TEST_F(RawDriverTest, AWindowKeepsToItself) {
  MainLoop::assert_here();
  Bytes content = random_bytes(10'000);
  BlockBackend& disk = raw_over(content, {.offset = 1'000, .size = 2'000});
  EXPECT_EQ(length(disk), 2'000U);
  const Bytes data = random_bytes(2'000);
  EXPECT_FALSE(write(disk, 0, data));
  std::copy(data.begin(), data.end(), content.begin() + 1'000);
  EXPECT_EQ(read(disk, 0, 2'000), data);
  EXPECT_EQ(write(disk, 1'999, Bytes(2)), std::errc::no_space_on_device);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk.co_pwrite_zeroes(0, 2'001); }),
            std::errc::no_space_on_device);
  EXPECT_TRUE(read(disk, 2'000, 1).empty());
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk.co_truncate(1'000); }),
            std::errc::not_supported);
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_pwrite_zeroes(100, 50); }));
  std::fill_n(content.begin() + 1'100, 50, std::byte{0});
  EXPECT_EQ(read_whole_file(path("disk")), content);
}

TEST_F(RawDriverTest, SaysWhereInTheChildDataAre) {
  MainLoop::assert_here();
  constexpr uint64_t block = 65'536;
  Bytes content(3 * block);
  BlockBackend& disk = raw_over(random_bytes(3 * block), {.offset = block});
  EXPECT_FALSE(ask([&]() LV_COROUTINE_FN { return disk.co_discard(block, block); }));
  const auto status =
      ask([&]() LV_COROUTINE_FN { return disk.co_block_status(100, 2 * block - 100); });
  ASSERT_TRUE(status);
  EXPECT_FALSE(status->zero);
  EXPECT_EQ(status->length, block - 100);
  EXPECT_EQ(status->host_offset, block + 100);
  const auto hole = ask([&]() LV_COROUTINE_FN { return disk.co_block_status(block, block); });
  ASSERT_TRUE(hole);
  EXPECT_TRUE(hole->zero);
  EXPECT_EQ(hole->length, block);
}

TEST_F(RawDriverTest, AWindowHasToBeThere) {
  MainLoop::assert_here();
  BlockBackend& disk = raw_over(random_bytes(1'000), {.offset = 500, .size = 501});
  EXPECT_EQ(length(disk).error(), std::errc::io_error);
  EXPECT_TRUE(read(disk, 0, 1).empty());
}

// Beyond the end, and beyond all numbers.
TEST_F(RawDriverTest, NumbersDoNotOverflow) {
  MainLoop::assert_here();
  BlockBackend& disk = raw_over(random_bytes(1'000), {.offset = 500});
  EXPECT_EQ(write(disk, ~uint64_t{0} - 10, Bytes(10)), std::errc::file_too_large);
  EXPECT_EQ(ask([&]() LV_COROUTINE_FN { return disk.co_truncate(~uint64_t{0}); }),
            std::errc::file_too_large);
}

// Two windows are two disks, which do not cut the file off below each other.
TEST_F(RawDriverTest, WindowsShareAFile) {
  MainLoop::assert_here();
  const Bytes content = random_bytes(2'000);
  BlockBackend& first = raw_over(content, {.size = 1'000});
  Node& file = *graph().find("file");
  Node& raw = add_node(
      "second", std::make_unique<RawDriver>(RawDriver::Options{.offset = 1'000, .size = 1'000}));
  attach(raw, "file", EdgeRole::data, file);
  BlockBackend& second = backend(growing);
  ASSERT_TRUE(second.insert(raw));
  EXPECT_FALSE(write(first, 990, Bytes(10, std::byte{1})));
  EXPECT_FALSE(write(second, 0, Bytes(10, std::byte{2})));
  EXPECT_EQ(read(first, 990, 10), Bytes(10, std::byte{1}));
  EXPECT_EQ(read(second, 0, 10), Bytes(10, std::byte{2}));
  BlockBackend& whole = backend(growing);
  const auto refused = whole.insert(file);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("resize"), std::string::npos) << refused.error().message;
}

} // namespace
} // namespace lockvet::runtime
