// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Devices to export, by themselves: memory, and files by the graph. Each is the flat array of bytes
// that it says it is.

#include "runtime/drivers/file/file_driver.h"
#include "runtime/export/backend_device.h"
#include "runtime/export/memory_device.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"

#include <fstream>
#include <random>

namespace lockvet::runtime {
namespace {

constexpr uint64_t size = 1 << 20;

class DevicesTest : public GraphTest, public testing::WithParamInterface<const char*> {
protected:
  void SetUp() override {
    MainLoop::assert_here();
    start_threads(1);
    if (std::string_view(GetParam()) == "memory") {
      device_ = std::move(*MemoryDevice::create(size));
      return;
    }
    const std::string path = std::string(GetParam()) + "/devices_test." + std::to_string(getpid());
    std::ofstream(path).close();
    ASSERT_EQ(truncate(path.c_str(), size), 0);
    auto driver = FileDriver::open(path, {}, *pool_);
    unlink(path.c_str());
    ASSERT_TRUE(driver) << driver.error().message;
    const auto node = graph().add("file", std::move(*driver), main());
    ASSERT_TRUE(node);
    BlockBackend& disk = backend();
    ASSERT_TRUE(disk.insert(**node));
    device_ = std::make_unique<BackendDevice>(disk, false);
  }
  // Before the pool.
  void TearDown() override {
    MainLoop::assert_here();
    remove_all();
  }

  // In a coroutine, to its end.
  template <typename Body> void run(Body body) { in_coroutine(io(0), body); }

  // On the heap, so that the destructor, which gtest's says nothing about, does not block by type.
  std::unique_ptr<ThreadPool> pool_ = std::make_unique<ThreadPool>(4);
  std::unique_ptr<ExportedDevice> device_;
};

INSTANTIATE_TEST_SUITE_P(Devices, DevicesTest, testing::Values("memory", "/tmp", "/dev/shm"),
                         [](const auto& info) {
                           return std::string_view(info.param) == "memory" ? "memory"
                                  : std::string_view(info.param) == "/tmp" ? "file"
                                                                           : "file_in_memory";
                         });

TEST_P(DevicesTest, AgreesWithAnArray) {
  run([&]() LV_COROUTINE_FN {
    device_->co_update_size();
    EXPECT_EQ(device_->size(), size);
    std::mt19937 random(1);
    std::string model(size, '\0');
    for (int round = 0; round < 300; ++round) {
      const uint64_t offset = random() % size;
      const uint64_t length = 1 + random() % std::min<uint64_t>(size - offset, 100'000);
      std::string buffer(length, static_cast<char>('a' + round % 26));
      // In two pieces, the first of which may be empty.
      const uint64_t first = random() % length;
      const std::array<iovec, 2> pieces{iovec{buffer.data(), first},
                                        iovec{buffer.data() + first, length - first}};
      const bool sync = random() % 16 == 0;
      switch (random() % 4) {
      case 0:
        EXPECT_FALSE(device_->co_preadv(offset, pieces));
        EXPECT_TRUE(model.compare(offset, length, buffer) == 0);
        break;
      case 1:
        EXPECT_FALSE(device_->co_pwritev(offset, pieces, {.force_unit_access = sync}));
        model.replace(offset, length, buffer);
        break;
      case 2:
        EXPECT_FALSE(device_->co_write_zeroes(offset, length, {.may_unmap = random() % 2 == 0}));
        model.replace(offset, length, length, '\0');
        break;
      default:
        // These punch holes.
        EXPECT_FALSE(device_->co_trim(offset, length, {}));
        model.replace(offset, length, length, '\0');
        EXPECT_FALSE(sync && device_->co_flush());
      }
    }
  });
}

// What is said to be zeroes is, and the extents cover the device.
TEST_P(DevicesTest, StatusIsTrue) {
  run([&]() LV_COROUTINE_FN {
    std::string data(65536, 'x');
    const iovec piece{data.data(), data.size()};
    EXPECT_FALSE(device_->co_pwritev(131072, {&piece, 1}, {}));
    uint64_t offset = 0;
    uint64_t zeroes = 0;
    while (offset < size) {
      const auto extent = device_->co_block_status(offset, size - offset);
      ASSERT_TRUE(extent.has_value());
      ASSERT_GT(extent->length, 0U);
      ASSERT_LE(extent->length, size - offset);
      if (extent->zero) {
        zeroes += extent->length;
        EXPECT_TRUE(offset + extent->length <= 131072 || offset >= 131072 + 65536);
      }
      offset += extent->length;
    }
    EXPECT_EQ(zeroes, size - 65536);
  });
}

} // namespace
} // namespace lockvet::runtime
