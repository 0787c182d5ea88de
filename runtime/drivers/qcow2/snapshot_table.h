// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The internal snapshots of an image: what the snapshot table says of each, as QEMU's
// docs/interop/qcow2.rst has it. Values that the reader owns; no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_SNAPSHOT_TABLE_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_SNAPSHOT_TABLE_H

#include "runtime/drivers/qcow2/header.h"
#include "runtime/drivers/qcow2/image_file.h"

#include <optional>

namespace lockvet::runtime::qcow2 {

struct Snapshot {
  std::string id = {};
  std::string name = {};
  // When it was taken, since the Epoch.
  uint32_t seconds = 0;
  uint32_t nanoseconds = 0;
  // How long the guest had run.
  uint64_t clock_nanoseconds = 0;
  uint64_t l1_offset = 0;
  uint32_t l1_entries = 0;
  uint32_t short_state_bytes = 0;
  // Fields that came later, which are kept as they are; those known here are read by what follows.
  std::vector<std::byte> extra = {};

  // Of the guest's state; 0 if there is none.
  uint64_t state_bytes() const;
  // Of the disk, if it says.
  std::optional<uint64_t> disk_bytes() const;
  // The count of instructions of a guest that is recorded, if it says.
  std::optional<uint64_t> instructions() const;
};

// The later fields of a snapshot without the guest's state.
std::vector<std::byte> snapshot_extra(uint64_t disk_bytes);

struct SnapshotTable {
  std::vector<Snapshot> entries;
  uint64_t bytes = 0;
};

// What the L1 tables of all snapshots together may take, in whole clusters: each of these is kept
// track of.
inline constexpr uint64_t most_snapshot_l1_bytes = uint64_t{256} << 20;
inline constexpr uint64_t most_snapshot_table_bytes = uint64_t{64} << 20;

Result<SnapshotTable> LV_COROUTINE_FN co_read_snapshot_table(ImageFile& file, const Header& header,
                                                             uint64_t file_size);

std::vector<std::byte> serialize_snapshots(const std::vector<Snapshot>& snapshots);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_SNAPSHOT_TABLE_H
