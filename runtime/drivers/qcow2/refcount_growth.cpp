// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// New refcount blocks, and a larger refcount table. Both are clusters that have to be counted
// themselves, so that they are put where they can count themselves: a new block into the first of
// the clusters that it counts, all of which are free.

#include "runtime/drivers/qcow2/refcounts.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

std::error_code Refcounts::co_cover(uint64_t cluster, uint64_t wanted) {
  if (cluster >= most_host_bytes >> state_.geometry().cluster_bits)
    return std::make_error_code(std::errc::file_too_large);
  if (cluster >= covered_clusters())
    if (const auto error = co_grow_table(cluster))
      return error;
  const uint64_t first = cluster / block_entries();
  if (table_[first] != 0)
    return {};
  // A run that is longer than what is left of one block needs the next ones as well, and they must
  // not lie in its way.
  uint64_t count = 1;
  while (wanted + count > count * block_entries() && first + count < table_.size() &&
         table_[first + count] == 0)
    ++count;
  return co_add_blocks(first, count);
}

std::error_code Refcounts::co_add_blocks(uint64_t first, uint64_t count) {
  state_.file.co_event(BlockEvent::refblock_alloc);
  const uint32_t bits = state_.geometry().cluster_bits;
  const uint64_t place = first * block_entries();
  if (const auto table = state_.reserved.find(place, count))
    return state_.co_mark_corrupt("host offset " + hex(place << bits) +
                                  " is not counted by any refcount block, and " + name_of(*table) +
                                  " is there");
  for (uint64_t number = 0; number < count; ++number) {
    const uint64_t offset = (place + number) << bits;
    if (const auto block = blocks_.co_add(offset); !block)
      return block.error();
    table_[first + number] = offset;
    dirty_entries_.push_back(first + number);
  }
  state_.reserved.add(place, count, Structure::refcount_block);
  return co_set_taken({place, count});
}

std::error_code Refcounts::co_grow_table(uint64_t cluster) {
  state_.file.co_event(BlockEvent::reftable_grow);
  const Geometry& geometry = state_.geometry();
  const uint64_t entries_per_cluster = geometry.cluster_size() / 8;
  const uint64_t old_entries = table_.size();
  // The table and its blocks stand where the old one ends, where nothing is in use yet.
  const uint64_t place = covered_clusters();
  const uint64_t wanted_entries =
      std::max(cluster / block_entries() + 1, old_entries + old_entries / 2);
  uint64_t blocks = 1;
  uint64_t table_clusters = 0;
  while (true) {
    table_clusters =
        divide_up(std::max(wanted_entries, old_entries + blocks) + 1, entries_per_cluster);
    if (blocks + table_clusters <= blocks * block_entries())
      break;
    ++blocks;
  }
  if (table_clusters << geometry.cluster_bits > most_refcount_table_bytes)
    return std::make_error_code(std::errc::file_too_large);
  table_.resize(table_clusters * entries_per_cluster);
  const auto error = co_fill_new_table(old_entries, blocks, table_clusters);
  if (error) {
    // Nothing in the file refers to the new blocks yet.
    for (uint64_t index = old_entries; index < old_entries + blocks; ++index)
      blocks_.forget((place + index - old_entries) << geometry.cluster_bits);
    state_.reserved.remove(place, blocks);
    table_.resize(old_entries);
    std::erase_if(dirty_entries_, [&](uint64_t index) { return index >= old_entries; });
  }
  return error;
}

std::error_code Refcounts::co_fill_new_table(uint64_t old_entries, uint64_t blocks,
                                             uint64_t table_clusters) {
  const uint64_t place = old_entries * block_entries() + blocks;
  if (const auto error = co_add_blocks(old_entries, blocks))
    return error;
  if (const auto error = co_take({place, table_clusters}))
    return error;
  return co_move_table(place << state_.geometry().cluster_bits);
}

std::error_code Refcounts::co_move_table(uint64_t offset) {
  const uint32_t bits = state_.geometry().cluster_bits;
  std::vector<std::byte> raw(table_.size() * 8);
  for (size_t index = 0; index < table_.size(); ++index)
    store_big_endian<uint64_t>(raw.data() + index * 8, table_[index]);
  // The header's change of tables has to find all of the new one, and whatever it points to.
  state_.file.co_event(BlockEvent::refblock_alloc_write_blocks);
  if (const auto error = blocks_.co_write_dirty())
    return error;
  state_.file.co_event(BlockEvent::refblock_alloc_write_table);
  if (const auto error = state_.file.co_write(offset, raw))
    return error;
  if (const auto error = state_.file.co_flush())
    return error;
  const uint64_t old_place = state_.header.refcount_table_offset >> bits;
  const uint64_t old_clusters = state_.header.refcount_table_clusters;
  const uint64_t clusters = raw.size() >> bits;
  state_.file.co_event(BlockEvent::refblock_alloc_switch_table);
  if (const auto error = state_.co_change_header([&](Header& header) {
        header.refcount_table_offset = offset;
        header.refcount_table_clusters = static_cast<uint32_t>(clusters);
      }))
    return error;
  dirty_entries_.clear();
  state_.reserved.remove(old_place, old_clusters);
  state_.reserved.add(offset >> bits, clusters, Structure::refcount_table);
  for (uint64_t cluster = old_place; cluster < old_place + old_clusters; ++cluster)
    if (const auto lowered = co_lower(cluster); !lowered)
      return lowered.error();
  return {};
}

} // namespace lockvet::runtime::qcow2
