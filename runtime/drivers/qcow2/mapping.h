// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the clusters that the guest sees are in the file: the L1 table, and a cache of L2 tables.
// The metadata owns it; the image's metadata lock guards it. Changes stay in memory until they are
// written, in the order that metadata.h gives.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_MAPPING_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_MAPPING_H

#include "runtime/drivers/qcow2/refcounts.h"
#include "runtime/drivers/qcow2/table_entry.h"

namespace lockvet::runtime::qcow2 {

// A piece of the disk that is in one place, or nowhere.
struct Extent {
  ClusterKind kind = ClusterKind::unallocated;
  bool copied = false;
  uint64_t bytes = 0;
  // Where the first byte is; of a compressed cluster, where the compressed data begins.
  uint64_t host_offset = 0;
  uint64_t compressed_size = 0;
};

// The host clusters that an entry of an L2 table refers to; none for one without data.
HostRun clusters_of(const ClusterEntry& entry, const Geometry& geometry);

class Mapping {
public:
  template <typename Value> using Expected = std::expected<Value, std::error_code>;

  // How clusters lose their data.
  enum class Clear {
    zero_keeping_space,
    zero,
    unallocate, // what a backing file has shows again
  };

  Mapping(ImageState& state, Refcounts& refcounts, size_t most_tables)
      : state_(state), refcounts_(refcounts),
        tables_(state.file, state.geometry().cluster_size(), most_tables,
                {BlockEvent::l2_load, BlockEvent::l2_update}) {}

  // Reads the L1 table, and notes what it reserves.
  Result<> LV_COROUTINE_FN co_load();

  // From `offset` on, at most `most_bytes`.
  Expected<Extent> LV_COROUTINE_FN co_lookup(uint64_t offset, uint64_t most_bytes);

  // The clusters from `offset` on, all of one L2 table, are from now on those of the run.
  std::error_code LV_COROUTINE_FN co_point_to_data(uint64_t offset, HostRun run);
  std::error_code LV_COROUTINE_FN co_point_to_compressed(uint64_t offset, uint64_t host_offset,
                                                         uint64_t size);
  std::error_code LV_COROUTINE_FN co_clear(uint64_t offset, uint64_t clusters, Clear how);
  // Gives up all of an L2 table, which is empty or no longer wanted.
  std::error_code LV_COROUTINE_FN co_drop_table(uint64_t l1_index);

  // Whether an L2 table is there at all.
  bool has_table(uint64_t offset) const noexcept {
    const uint64_t index = state_.geometry().l1_index(offset);
    return index < l1_.size() && l1_[index] != 0;
  }

  // A larger L1 table in another place, stable when this returns.
  std::error_code LV_COROUTINE_FN co_grow_l1(uint64_t entries);

  // --- for snapshots, which have tables like these ---

  const std::vector<uint64_t>& l1() const noexcept { return l1_; }
  // Of an L2 table in the file, or in memory if it is there.
  Expected<std::vector<ClusterEntry>> LV_COROUTINE_FN co_entries(uint64_t table_offset);
  // What is referred to is shared from now on, and so is not written in place: by that L2 table,
  // and by the L1 table.
  std::error_code LV_COROUTINE_FN co_share_l2(uint64_t l1_index);
  void share_l1();
  // A snapshot that is gone had this L2 table in its L1 table, with these entries, which are still
  // counted. What only this disk has besides is its own again.
  std::error_code LV_COROUTINE_FN co_regain(uint64_t l1_index, uint64_t table_offset,
                                            const std::vector<ClusterEntry>& entries);
  void release(const ClusterEntry& entry);

  // References that are gone from these tables and not yet from the file: host clusters whose
  // counts are to be lowered once what is here is stable.
  std::vector<uint64_t>& released() noexcept { return released_; }

  bool full_of_changes() const noexcept { return tables_.all_dirty(); }
  bool tables_dirty() const noexcept { return tables_.dirty(); }
  bool l1_dirty() const noexcept { return !dirty_l1_.empty(); }
  std::error_code LV_COROUTINE_FN co_write_tables() { return tables_.co_write_dirty(); }
  std::error_code LV_COROUTINE_FN co_write_l1();

private:
  // The table, which may be changed: it is made if there is none, and copied if it is shared.
  Expected<TableCache::Table*> LV_COROUTINE_FN co_table_to_change(uint64_t offset);
  Expected<TableCache::Table*> LV_COROUTINE_FN co_new_table(uint64_t l1_index);
  std::error_code LV_COROUTINE_FN co_check_extent(const Extent& extent, uint64_t offset);
  ClusterEntry decode(uint64_t entry) const noexcept {
    return decode_l2_entry(entry, state_.geometry(), state_.header.version);
  }
  ImageState& state_;
  Refcounts& refcounts_;
  TableCache tables_;
  std::vector<uint64_t> l1_;
  std::vector<uint64_t> dirty_l1_;
  std::vector<uint64_t> released_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_MAPPING_H
