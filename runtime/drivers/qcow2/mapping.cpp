// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/mapping.h"

#include <algorithm>
#include <cstring>

namespace lockvet::runtime::qcow2 {

Result<> Mapping::co_load() {
  const Geometry& geometry = state_.geometry();
  std::vector<std::byte> raw(uint64_t{state_.header.l1_entries} * 8);
  if (const auto error = state_.file.co_read(state_.header.l1_offset, raw))
    return failed_while("reading the L1 table", error);
  l1_.resize(state_.header.l1_entries);
  for (uint64_t index = 0; index < l1_.size(); ++index) {
    const uint64_t entry = load_big_endian<uint64_t>(raw.data() + index * 8);
    const uint64_t offset = entry & entry_offset_mask;
    const std::string where = "entry " + std::to_string(index) + " of the L1 table is " +
                              (entry == 0 ? std::string() : hex(entry));
    if ((entry & l1_entry_reserved) != 0 || !geometry.is_aligned(offset))
      return malformed(where + ", which is not the offset of a cluster");
    if (offset == 0)
      continue;
    if (offset >= state_.end)
      return malformed(where + ", past the end of the file at " + hex(state_.end));
    l1_[index] = entry;
    state_.reserved.collect(offset >> geometry.cluster_bits, 1, Structure::l2_table);
  }
  state_.reserved.collect(state_.header.l1_offset >> geometry.cluster_bits,
                          geometry.clusters(raw.size()), Structure::l1_table);
  return {};
}

Mapping::Expected<Extent> Mapping::co_lookup(uint64_t offset, uint64_t most_bytes) {
  const Geometry& geometry = state_.geometry();
  const uint64_t in_cluster = geometry.offset_in_cluster(offset);
  const uint64_t table_end = (geometry.l1_index(offset) + 1) * geometry.bytes_per_l2();
  most_bytes = std::min(most_bytes, table_end - offset);
  if (!has_table(offset))
    return Extent{.bytes = most_bytes};
  const auto table = tables_.co_get(l1_[geometry.l1_index(offset)] & entry_offset_mask);
  if (!table)
    return std::unexpected(table.error());
  uint64_t index = geometry.l2_index(offset);
  const ClusterEntry first = decode((*table)->entry(index));
  Extent extent{.kind = first.kind,
                .copied = first.copied,
                .bytes = geometry.cluster_size() - in_cluster,
                .host_offset = first.host_offset,
                .compressed_size = first.compressed_size};
  if (first.kind == ClusterKind::invalid)
    return std::unexpected(state_.co_mark_corrupt("the L2 entry of disk offset " + hex(offset) +
                                                  " is " + hex((*table)->entry(index)) +
                                                  ", which breaks the format's rules"));
  if (first.kind == ClusterKind::compressed) {
    extent.bytes = std::min(extent.bytes, most_bytes);
  } else {
    const bool in_place =
        first.kind == ClusterKind::data || first.kind == ClusterKind::zero_allocated;
    for (uint64_t host = first.host_offset; extent.bytes < most_bytes;
         extent.bytes += geometry.cluster_size()) {
      host += in_place ? geometry.cluster_size() : 0;
      const ClusterEntry next = decode((*table)->entry(++index));
      if (next.kind != first.kind || next.copied != first.copied || next.host_offset != host)
        break;
    }
    extent.bytes = std::min(extent.bytes, most_bytes);
    if (in_place)
      extent.host_offset += in_cluster;
  }
  if (const auto error = co_check_extent(extent, offset))
    return std::unexpected(error);
  return extent;
}

std::error_code Mapping::co_check_extent(const Extent& extent, uint64_t offset) {
  const Geometry& geometry = state_.geometry();
  if (extent.kind == ClusterKind::compressed && extent.host_offset >= state_.end)
    return state_.co_mark_corrupt("the compressed data of disk offset " + hex(offset) +
                                  " is at host offset " + hex(extent.host_offset) +
                                  ", past the end of the file at " + hex(state_.end));
  if (extent.kind != ClusterKind::data)
    return {};
  const uint64_t start = geometry.cluster_start(extent.host_offset);
  // Clusters are allocated whole; of the last, the file may have a part.
  return state_.co_check_host_range("guest data", start, extent.host_offset + extent.bytes - start);
}

Mapping::Expected<TableCache::Table*> Mapping::co_new_table(uint64_t l1_index) {
  const uint32_t bits = state_.geometry().cluster_bits;
  state_.file.co_event(BlockEvent::l2_alloc_write);
  const auto run = refcounts_.co_allocate_all(1);
  if (!run)
    return std::unexpected(run.error());
  const auto table = tables_.co_add(run->first_cluster << bits);
  if (!table) {
    (void)refcounts_.co_lower(run->first_cluster);
    return table;
  }
  state_.reserved.add(run->first_cluster, 1, Structure::l2_table);
  l1_[l1_index] = (run->first_cluster << bits) | entry_copied;
  dirty_l1_.push_back(l1_index);
  return table;
}

Mapping::Expected<TableCache::Table*> Mapping::co_table_to_change(uint64_t offset) {
  const uint64_t index = state_.geometry().l1_index(offset);
  const uint64_t old = l1_[index];
  if (old == 0)
    return co_new_table(index);
  auto table = tables_.co_get(old & entry_offset_mask);
  if (!table || (old & entry_copied) != 0)
    return table;
  const uint64_t size = state_.geometry().cluster_size();
  const std::vector<std::byte> content((*table)->bytes.get(), (*table)->bytes.get() + size);
  table = co_new_table(index);
  if (!table)
    return table;
  std::memcpy((*table)->bytes.get(), content.data(), size);
  // The snapshot that has the old one as well keeps its clusters; they are shared as before.
  const uint64_t old_cluster = (old & entry_offset_mask) >> state_.geometry().cluster_bits;
  state_.reserved.remove(old_cluster, 1);
  released_.push_back(old_cluster);
  return table;
}

HostRun clusters_of(const ClusterEntry& entry, const Geometry& geometry) {
  const uint64_t first = entry.host_offset >> geometry.cluster_bits;
  switch (entry.kind) {
  case ClusterKind::data:
  case ClusterKind::zero_allocated:
    return {first, 1};
  case ClusterKind::compressed: {
    const uint64_t last = (entry.host_offset + entry.compressed_size - 1) >> geometry.cluster_bits;
    return {first, last - first + 1};
  }
  default:
    return {0, 0};
  }
}

void Mapping::release(const ClusterEntry& entry) {
  const HostRun run = clusters_of(entry, state_.geometry());
  for (uint64_t number = 0; number < run.clusters; ++number)
    released_.push_back(run.first_cluster + number);
}

std::error_code Mapping::co_point_to_data(uint64_t offset, HostRun run) {
  const auto table = co_table_to_change(offset);
  if (!table)
    return table.error();
  const uint64_t first = state_.geometry().l2_index(offset);
  for (uint64_t number = 0; number < run.clusters; ++number) {
    const uint64_t old = (*table)->entry(first + number);
    const uint64_t host = (run.first_cluster + number) << state_.geometry().cluster_bits;
    // A cluster that had its place already, and read as zeroes, keeps it.
    const ClusterEntry before = decode(old);
    if (before.kind != ClusterKind::zero_allocated || before.host_offset != host)
      release(before);
    tables_.set_entry(**table, first + number, host | entry_copied);
  }
  return {};
}

std::error_code Mapping::co_point_to_compressed(uint64_t offset, uint64_t host_offset,
                                                uint64_t size) {
  const auto table = co_table_to_change(offset);
  if (!table)
    return table.error();
  const uint64_t index = state_.geometry().l2_index(offset);
  release(decode((*table)->entry(index)));
  tables_.set_entry(**table, index, encode_compressed(host_offset, size, state_.geometry()));
  return {};
}

std::error_code Mapping::co_clear(uint64_t offset, uint64_t clusters, Clear how) {
  const auto table = co_table_to_change(offset);
  if (!table)
    return table.error();
  const uint64_t first = state_.geometry().l2_index(offset);
  for (uint64_t index = first; index < first + clusters; ++index) {
    const uint64_t old = (*table)->entry(index);
    const ClusterEntry before = decode(old);
    uint64_t entry = how == Clear::unallocate ? 0 : entry_zero;
    const bool has_place = before.copied && (before.kind == ClusterKind::data ||
                                             before.kind == ClusterKind::zero_allocated);
    if (how == Clear::zero_keeping_space && has_place)
      entry = old | entry_zero;
    else
      release(before);
    if (entry != old)
      tables_.set_entry(**table, index, entry);
  }
  return {};
}

std::error_code Mapping::co_drop_table(uint64_t l1_index) {
  const Geometry& geometry = state_.geometry();
  const uint64_t offset = l1_[l1_index] & entry_offset_mask;
  if (offset == 0)
    return {};
  const bool shared = (l1_[l1_index] & entry_copied) == 0;
  // A snapshot's table is left as it is, and what it points to is counted for it and for us.
  const auto table = tables_.co_get(offset);
  if (!table)
    return table.error();
  for (uint64_t index = 0; index < geometry.l2_entries(); ++index)
    release(decode((*table)->entry(index)));
  if (!shared)
    tables_.forget(offset);
  state_.reserved.remove(offset >> geometry.cluster_bits, 1);
  released_.push_back(offset >> geometry.cluster_bits);
  l1_[l1_index] = 0;
  dirty_l1_.push_back(l1_index);
  return {};
}

std::error_code Mapping::co_grow_l1(uint64_t entries) {
  const Geometry& geometry = state_.geometry();
  const uint64_t clusters = geometry.clusters(entries * 8);
  state_.file.co_event(BlockEvent::l1_grow_alloc_table);
  const auto run = refcounts_.co_allocate_all(clusters);
  if (!run)
    return run.error();
  // Of the old table, everything is written by now: the metadata has seen to it.
  std::vector<std::byte> raw(clusters << geometry.cluster_bits);
  for (size_t index = 0; index < l1_.size(); ++index)
    store_big_endian<uint64_t>(raw.data() + index * 8, l1_[index]);
  const uint64_t offset = run->first_cluster << geometry.cluster_bits;
  state_.file.co_event(BlockEvent::l1_grow_write_table);
  auto error = state_.file.co_write(offset, raw);
  if (!error)
    error = refcounts_.co_write_dirty();
  if (!error)
    error = state_.file.co_flush();
  if (error) {
    for (uint64_t number = 0; number < clusters; ++number)
      (void)refcounts_.co_lower(run->first_cluster + number);
    return error;
  }
  const uint64_t old_first = state_.header.l1_offset >> geometry.cluster_bits;
  const uint64_t old_clusters = geometry.clusters(l1_.size() * 8);
  state_.file.co_event(BlockEvent::l1_grow_activate_table);
  if (const auto failed = state_.co_change_header([&](Header& header) {
        header.l1_offset = offset;
        header.l1_entries = static_cast<uint32_t>(entries);
      }))
    return failed;
  l1_.resize(entries);
  state_.reserved.remove(old_first, old_clusters);
  state_.reserved.add(run->first_cluster, clusters, Structure::l1_table);
  for (uint64_t number = 0; number < old_clusters; ++number)
    released_.push_back(old_first + number);
  return {};
}

std::error_code Mapping::co_write_l1() {
  std::ranges::sort(dirty_l1_);
  for (size_t begin = 0; begin < dirty_l1_.size();) {
    const uint64_t first = dirty_l1_[begin];
    uint64_t last = first;
    for (; begin < dirty_l1_.size() && dirty_l1_[begin] <= last + 1; ++begin)
      last = dirty_l1_[begin];
    std::vector<std::byte> entries((last - first + 1) * 8);
    for (uint64_t index = first; index <= last; ++index)
      store_big_endian<uint64_t>(entries.data() + (index - first) * 8, l1_[index]);
    state_.file.co_event(BlockEvent::l1_update);
    if (const auto error = state_.file.co_write(state_.header.l1_offset + first * 8, entries))
      return error;
  }
  dirty_l1_.clear();
  return {};
}

} // namespace lockvet::runtime::qcow2
