// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Taking, reading and deleting internal snapshots in tests, which own the images.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_SNAPSHOT_USE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_SNAPSHOT_USE_H

#include "runtime/drivers/qcow2/check.h"
#include "testsuite/unit/runtime/qcow2/disk_model.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

inline void LV_COROUTINE_FN co_expect_clean(ImageFile& file) {
  const auto report = co_check(file);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->clean()) << report->problems.front();
}

inline std::string LV_COROUTINE_FN co_take(Image& image, const std::string& name) {
  const auto taken = image.co_take_snapshot({.name = name});
  if (!taken) {
    ADD_FAILURE() << taken.error().message;
    return {};
  }
  return taken->id;
}

inline void LV_COROUTINE_FN co_delete(Image& image, const std::string& name) {
  const auto begun = image.co_begin_deletion(std::nullopt, name);
  ASSERT_TRUE(begun) << begun.error().message;
  while (true) {
    const auto done = image.co_continue_deletion();
    ASSERT_TRUE(done) << done.error().message() << " " << image.co_corruption();
    if (*done)
      break;
  }
}

// What a snapshot has, by an image whose header leads to its tables.
inline Bytes LV_COROUTINE_FN co_content_of(MemoryFile& file, const std::string& name,
                                           ImageFile* backing) {
  MemoryFile copy(file.content());
  auto header = co_read_header(copy);
  if (!header) {
    ADD_FAILURE() << header.error().message;
    return {};
  }
  const auto table = co_read_snapshot_table(copy, *header, copy.length());
  if (!table) {
    ADD_FAILURE() << table.error().message;
    return {};
  }
  const auto found = std::ranges::find(table->entries, name, &Snapshot::name);
  if (found == table->entries.end()) {
    ADD_FAILURE() << "there is no snapshot " << name;
    return {};
  }
  header->l1_offset = found->l1_offset;
  header->l1_entries = found->l1_entries;
  header->size = found->disk_bytes().value();
  header->snapshot_count = 0;
  EXPECT_FALSE(copy.co_write(0, serialize_fixed_part(*header)));
  const auto image = co_open_image(copy, {{.writable = false}, backing});
  if (image == nullptr)
    return {};
  Bytes content(header->size);
  EXPECT_FALSE(image->co_read(0, content));
  return content;
}

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_SNAPSHOT_USE_H
