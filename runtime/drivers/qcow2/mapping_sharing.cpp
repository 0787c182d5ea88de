// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What snapshots mean for the tables of the disk: clusters and L2 tables that both have are not to
// be written in place, and are the disk's own again when the last snapshot that has them is gone.

#include "runtime/drivers/qcow2/mapping.h"

namespace lockvet::runtime::qcow2 {

Mapping::Expected<std::vector<ClusterEntry>> Mapping::co_entries(uint64_t table_offset) {
  const Geometry& geometry = state_.geometry();
  if (!geometry.is_aligned(table_offset) || table_offset >= state_.end)
    return std::unexpected(state_.co_mark_corrupt("an L2 table is at host offset " +
                                                  hex(table_offset) +
                                                  ", which is not a cluster of the file"));
  const auto table = tables_.co_get(table_offset);
  if (!table)
    return std::unexpected(table.error());
  std::vector<ClusterEntry> entries;
  entries.reserve(geometry.l2_entries());
  for (uint64_t index = 0; index < geometry.l2_entries(); ++index) {
    const ClusterEntry& entry = entries.emplace_back(decode((*table)->entry(index)));
    const HostRun run = clusters_of(entry, geometry);
    if (entry.kind == ClusterKind::invalid ||
        run.first_cluster + run.clusters > geometry.clusters(state_.end))
      return std::unexpected(state_.co_mark_corrupt(
          "entry " + std::to_string(index) + " of the L2 table at host offset " +
          hex(table_offset) + " is " + hex((*table)->entry(index)) +
          ", which breaks the format's rules, or leads past the end of the file"));
  }
  return entries;
}

std::error_code Mapping::co_share_l2(uint64_t l1_index) {
  const auto table = tables_.co_get(l1_[l1_index] & entry_offset_mask);
  if (!table)
    return table.error();
  for (uint64_t index = 0; index < state_.geometry().l2_entries(); ++index) {
    const uint64_t entry = (*table)->entry(index);
    if (decode(entry).copied)
      tables_.set_entry(**table, index, entry & ~entry_copied);
  }
  return {};
}

void Mapping::share_l1() {
  for (uint64_t index = 0; index < l1_.size(); ++index)
    if ((l1_[index] & entry_copied) != 0) {
      l1_[index] &= ~entry_copied;
      dirty_l1_.push_back(index);
    }
}

std::error_code Mapping::co_regain(uint64_t l1_index, uint64_t table_offset,
                                   const std::vector<ClusterEntry>& entries) {
  if (l1_index >= l1_.size() || l1_[l1_index] == 0)
    return {};
  const uint32_t bits = state_.geometry().cluster_bits;
  const uint64_t own_offset = l1_[l1_index] & entry_offset_mask;
  // Of the snapshot that is gone, and of the disk.
  constexpr uint64_t both = 2;
  if (own_offset == table_offset) {
    const auto count = refcounts_.co_get(own_offset >> bits);
    if (!count)
      return count.error();
    if (*count != both)
      return {};
    l1_[l1_index] |= entry_copied;
    dirty_l1_.push_back(l1_index);
  } else if ((l1_[l1_index] & entry_copied) == 0) {
    // Another snapshot has this table, and so all that is in it.
    return {};
  }
  const auto table = tables_.co_get(own_offset);
  if (!table)
    return table.error();
  for (uint64_t index = 0; index < entries.size(); ++index) {
    const uint64_t raw = (*table)->entry(index);
    const ClusterEntry own = decode(raw);
    const bool in_both = own.kind != ClusterKind::compressed && own.host_offset != 0 &&
                         own.host_offset == entries[index].host_offset &&
                         entries[index].kind != ClusterKind::compressed;
    if (!in_both || own.copied)
      continue;
    const auto count = refcounts_.co_get(own.host_offset >> bits);
    if (!count)
      return count.error();
    if (*count == both)
      tables_.set_entry(**table, index, raw | entry_copied);
  }
  return {};
}

} // namespace lockvet::runtime::qcow2
