// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The internal snapshots of an image, as far as their tables and clusters are to be left alone and
// counted. They are not made or loaded here. Values that the reader owns; no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_SNAPSHOT_TABLE_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_SNAPSHOT_TABLE_H

#include "runtime/drivers/qcow2/header.h"
#include "runtime/drivers/qcow2/image_file.h"

namespace lockvet::runtime::qcow2 {

struct SnapshotTable {
  struct Entry {
    uint64_t l1_offset;
    uint32_t l1_entries;
    std::string id;
    std::string name;
  };

  std::vector<Entry> entries;
  uint64_t bytes = 0;
};

Result<SnapshotTable> LV_COROUTINE_FN co_read_snapshot_table(ImageFile& file, const Header& header,
                                                             uint64_t file_size);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_SNAPSHOT_TABLE_H
