// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images in memory as nodes of a test's graph, with letters in their clusters. They belong to the
// fixture.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_IMAGE_DRIVER_FIXTURE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_IMAGE_DRIVER_FIXTURE_H

#include "runtime/drivers/qcow2/check.h"
#include "runtime/drivers/qcow2/image_driver.h"
#include "runtime/graph/transaction.h"
#include "testsuite/unit/runtime/graph/graph_fixture.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"
#include "testsuite/unit/runtime/qcow2/graph_files.h"

namespace lockvet::runtime::qcow2 {

inline constexpr uint64_t cluster = 4096;
inline constexpr uint64_t disk_size = 64 * cluster;

using File = std::shared_ptr<MemoryFile>;

class ImageDriverTest : public GraphTest {
protected:
  static File make_image(CreateOptions options = {.size = disk_size, .cluster_bits = 12}) {
    auto file = std::make_shared<MemoryFile>();
    run_in_coroutine([&]() LV_COROUTINE_FN {
      auto created = co_create(*file, options);
      ASSERT_TRUE(created) << created.error().message;
    });
    return file;
  }

  struct ImageNode {
    Node& node;
    ImageDriver& driver;
    Node& file;
  };
  ImageNode add_image(const std::string& name, const File& file,
                      MetadataOptions options = {}) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    const auto below = add<FileNodeDriver>(name + ".file", file);
    const auto image = add<ImageDriver>(name, options);
    Transaction transaction;
    transaction.attach(image.node, "file", EdgeRole::data | EdgeRole::metadata, below.node);
    EXPECT_TRUE(transaction.commit());
    return {image.node, image.driver, below.node};
  }
  // The disk may be resized through it.
  BlockBackend& backend_of(Node& node) LV_MAIN_LOOP LV_GRAPH_UNLOCKED {
    BlockBackend& disk = backend(
        {.permissions = {Permission::consistent_read | Permission::write | Permission::resize,
                         Permission::all}});
    const auto inserted = disk.insert(node);
    EXPECT_TRUE(inserted) << inserted.error().message;
    return disk;
  }

  static void expect_clean(MemoryFile& file) {
    run_in_coroutine([&]() LV_COROUTINE_FN {
      const auto report = co_check(file);
      ASSERT_TRUE(report) << report.error().message;
      EXPECT_TRUE(report->clean()) << report->problems.front();
    });
  }
  static std::string LV_COROUTINE_FN co_letters(BlockBackend& disk, uint64_t clusters) {
    std::string found;
    for (uint64_t number = 0; number < clusters; ++number) {
      char letter = '?';
      EXPECT_FALSE(disk.co_preadv(number * cluster, {&letter, 1}));
      found += letter == 0 ? '0' : letter;
    }
    return found;
  }
  static void LV_COROUTINE_FN co_write_letter(BlockBackend& disk, uint64_t number, char letter) {
    Bytes bytes(cluster, static_cast<std::byte>(letter));
    EXPECT_FALSE(disk.co_pwritev(number * cluster, {bytes.data(), bytes.size()}));
  }
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_IMAGE_DRIVER_FIXTURE_H
