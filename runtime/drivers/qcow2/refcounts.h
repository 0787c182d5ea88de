// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How often each host cluster is referred to, and so which are free: the refcount table, a cache of
// its blocks, and the allocation of clusters. The metadata owns it; the image's metadata lock
// guards it.
//
// A count in here is never lower than the number of references in the file: it is raised before a
// reference is made, and lowered when the reference is gone from stable storage (see metadata.h).
// Therefore blocks can be written at any time; only the entries of the table wait for the blocks.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_REFCOUNTS_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_REFCOUNTS_H

#include "runtime/drivers/qcow2/image_state.h"
#include "runtime/drivers/qcow2/table_cache.h"

#include <vector>

namespace lockvet::runtime::qcow2 {

// A run of host clusters.
struct HostRun {
  uint64_t first_cluster;
  uint64_t clusters;
};

class Refcounts {
public:
  template <typename Value> using Expected = std::expected<Value, std::error_code>;

  Refcounts(ImageState& state, size_t most_blocks)
      : state_(state), blocks_(state.file, state.geometry().cluster_size(), most_blocks,
                               {BlockEvent::refblock_load, BlockEvent::refblock_update_part}) {}

  // Reads the table, and notes what it reserves.
  Result<> LV_COROUTINE_FN co_load();

  Expected<uint64_t> LV_COROUTINE_FN co_get(uint64_t cluster);
  // result_out_of_range if the width of the counts does not allow more.
  std::error_code LV_COROUTINE_FN co_raise(uint64_t cluster);
  // Whether the cluster is free now.
  Expected<bool> LV_COROUTINE_FN co_lower(uint64_t cluster);

  // Clusters next to each other that were free and now have a count of one. At least one and as
  // many as there are in one place, up to `most`; or all of `count`.
  Expected<HostRun> LV_COROUTINE_FN co_allocate_some(uint64_t most);
  Expected<HostRun> LV_COROUTINE_FN co_allocate_all(uint64_t count);
  // This one, if it is free.
  Expected<bool> LV_COROUTINE_FN co_allocate_at(uint64_t cluster);

  // Writes blocks, and then what of the table has changed. Stable after the next flush.
  std::error_code LV_COROUTINE_FN co_write_dirty();
  bool dirty() const noexcept { return blocks_.dirty() || !dirty_entries_.empty(); }

private:
  uint64_t block_entries() const noexcept { return state_.geometry().refcount_block_entries(); }
  uint64_t covered_clusters() const noexcept { return table_.size() * block_entries(); }

  uint64_t load(const TableCache::Table& block, uint64_t index) const noexcept;
  void store(TableCache::Table& block, uint64_t index, uint64_t value) noexcept;
  std::error_code LV_COROUTINE_FN co_set(uint64_t cluster, uint64_t value);
  // Counts clusters that were free; the first not if a table is there.
  std::error_code LV_COROUTINE_FN co_take(HostRun run);
  std::error_code LV_COROUTINE_FN co_set_taken(HostRun run);
  // All from `begin` to `end` are in use. Says nothing if one before was set free meanwhile.
  void pass_used(uint64_t begin, uint64_t end) noexcept {
    if (first_free_ == begin)
      first_free_ = end;
  }

  // Sees to it that the cluster has a block, with room for `wanted` clusters in one place behind
  // new blocks.
  std::error_code LV_COROUTINE_FN co_cover(uint64_t cluster, uint64_t wanted);
  // New blocks from `first` on, in the first clusters that they count.
  std::error_code LV_COROUTINE_FN co_add_blocks(uint64_t first, uint64_t count);
  // Moves the table to where it has room for that cluster.
  std::error_code LV_COROUTINE_FN co_grow_table(uint64_t cluster);
  std::error_code LV_COROUTINE_FN co_fill_new_table(uint64_t old_entries, uint64_t blocks,
                                                    uint64_t table_clusters);
  std::error_code LV_COROUTINE_FN co_move_table(uint64_t offset);

  ImageState& state_;
  TableCache blocks_;
  // Where each block is; 0 if all that it counts is free.
  std::vector<uint64_t> table_;
  std::vector<uint64_t> dirty_entries_;
  // No cluster before it is free.
  uint64_t first_free_ = 0;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_REFCOUNTS_H
