// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/metadata.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

// More than this is not kept from being used again.
constexpr size_t most_released = 4096;

size_t tables_in(size_t bytes, const Geometry& geometry) {
  return std::clamp<size_t>(bytes >> geometry.cluster_bits, 4, 4096);
}

} // namespace

Metadata::Metadata(ImageFile& file, Header header, MetadataOptions options)
    : state_(file, std::move(header), options.writable), discard_freed_(options.discard_freed),
      refcounts_(state_, tables_in(options.refcount_cache_bytes, state_.geometry())),
      mapping_(state_, refcounts_, tables_in(options.l2_cache_bytes, state_.geometry())),
      bitmaps_(state_, refcounts_) {}

Result<> Metadata::co_load(uint64_t file_size) {
  const Header& header = state_.header;
  const uint32_t bits = header.geometry.cluster_bits;
  state_.end = std::min(file_size, most_host_bytes);
  state_.reserved.collect(0, 1, Structure::header);
  if (auto loaded = refcounts_.co_load(); !loaded)
    return loaded;
  if (auto loaded = mapping_.co_load(); !loaded)
    return loaded;
  if (auto loaded = bitmaps_.co_load(); !loaded)
    return loaded;
  auto snapshots = co_read_snapshot_table(state_.file, header, file_size);
  if (!snapshots)
    return std::unexpected(snapshots.error());
  snapshots_ = std::move(*snapshots);
  if (snapshots_.bytes != 0)
    state_.reserved.collect(header.snapshots_offset >> bits,
                            header.geometry.clusters(snapshots_.bytes), Structure::snapshot_table);
  for (const Snapshot& snapshot : snapshots_.entries)
    state_.reserved.collect(snapshot.l1_offset >> bits,
                            header.geometry.clusters(uint64_t{snapshot.l1_entries} * 8),
                            Structure::snapshot_l1_table);
  if (const auto overlap = state_.reserved.finish())
    return malformed(std::string(name_of(overlap->left)) + " and " + name_of(overlap->right) +
                     " overlap: both have the cluster at offset " + hex(overlap->cluster << bits));
  return {};
}

std::error_code Metadata::co_prepare() {
  return mapping_.full_of_changes() ? co_write_back() : std::error_code();
}

Metadata::Expected<Extent> Metadata::co_lookup(uint64_t offset, uint64_t most_bytes) {
  if (const auto error = co_prepare())
    return std::unexpected(error);
  return mapping_.co_lookup(offset, most_bytes);
}

std::error_code Metadata::co_prepare_change() {
  const std::error_code error = refuse_if_corrupt();
  return error ? error : co_prepare();
}

Metadata::Expected<Extent> Metadata::co_lookup_to_change(uint64_t offset, uint64_t most_bytes) {
  if (const auto error = co_prepare_change())
    return std::unexpected(error);
  return mapping_.co_lookup(offset, most_bytes);
}

Metadata::Expected<HostRun> Metadata::co_allocate(uint64_t most_clusters) {
  if (const auto error = refuse_if_corrupt())
    return std::unexpected(error);
  return refcounts_.co_allocate_some(most_clusters);
}

void Metadata::co_give_up(HostRun run) {
  // An error here leaves clusters that are counted and not used, which is no harm.
  for (uint64_t number = 0; number < run.clusters; ++number)
    (void)co_lower(run.first_cluster + number);
}

std::error_code Metadata::co_check_place(HostRun run) {
  const uint32_t bits = state_.geometry().cluster_bits;
  return state_.co_check_host_range("guest data", run.first_cluster << bits, run.clusters << bits);
}

std::error_code Metadata::co_point_to_data(uint64_t offset, HostRun run) {
  if (const auto error = co_prepare_change())
    return error;
  if (const auto error = mapping_.co_point_to_data(offset, run))
    return error;
  return co_after_change();
}

Metadata::Expected<uint64_t> Metadata::co_allocate_compressed(uint64_t size) {
  if (const auto error = refuse_if_corrupt())
    return std::unexpected(error);
  state_.file.co_event(BlockEvent::cluster_alloc_bytes);
  const Geometry& geometry = state_.geometry();
  const uint64_t cluster_size = geometry.cluster_size();
  uint64_t offset = 0;
  if (compressed_end_ != 0) {
    // The rest of the cluster, and the next one if that is not enough and it is free.
    const uint64_t cluster = compressed_end_ >> geometry.cluster_bits;
    const uint64_t room = cluster_size - geometry.offset_in_cluster(compressed_end_);
    bool fits = size <= room;
    bool next = false;
    const auto count = refcounts_.co_get(cluster);
    if (!count)
      return std::unexpected(count.error());
    const bool may_share = *count < geometry.most_refcount();
    if (may_share && !fits) {
      const auto taken = refcounts_.co_allocate_at(cluster + 1);
      if (!taken)
        return std::unexpected(taken.error());
      fits = next = *taken;
    }
    if (may_share && fits) {
      if (const auto error = refcounts_.co_raise(cluster)) {
        if (next)
          (void)co_lower(cluster + 1);
        return std::unexpected(error);
      }
      offset = compressed_end_;
    }
  }
  if (offset == 0) {
    const auto run = refcounts_.co_allocate_some(1);
    if (!run)
      return std::unexpected(run.error());
    offset = run->first_cluster << geometry.cluster_bits;
  }
  if ((offset + size) >> compressed_offset_bits(geometry) != 0) {
    co_give_up_compressed(offset, size);
    return std::unexpected(std::make_error_code(std::errc::file_too_large));
  }
  compressed_end_ = geometry.is_aligned(offset + size) ? 0 : offset + size;
  return offset;
}

void Metadata::co_give_up_compressed(uint64_t host_offset, uint64_t size) {
  const uint32_t bits = state_.geometry().cluster_bits;
  for (uint64_t cluster = host_offset >> bits; cluster <= (host_offset + size - 1) >> bits;
       ++cluster)
    (void)co_lower(cluster);
}

std::error_code Metadata::co_point_to_compressed(uint64_t offset, uint64_t host_offset,
                                                 uint64_t size) {
  if (const auto error = co_prepare_change())
    return error;
  if (const auto error = mapping_.co_point_to_compressed(offset, host_offset, size))
    return error;
  return co_after_change();
}

std::error_code Metadata::co_clear(uint64_t offset, uint64_t clusters, Mapping::Clear how) {
  if (const auto error = co_prepare_change())
    return error;
  if (const auto error = mapping_.co_clear(offset, clusters, how))
    return error;
  return co_after_change();
}

std::error_code Metadata::co_after_change() {
  return mapping_.released().size() > most_released ? co_write_back() : std::error_code();
}

Metadata::Expected<bool> Metadata::co_lower(uint64_t cluster) {
  const auto free = refcounts_.co_lower(cluster);
  if (free && *free && compressed_end_ >> state_.geometry().cluster_bits == cluster)
    compressed_end_ = 0;
  return free;
}

std::error_code Metadata::co_write_back() {
  if (const auto error = refcounts_.co_write_dirty())
    return error;
  if (mapping_.tables_dirty() || mapping_.l1_dirty()) {
    if (const auto error = state_.file.co_flush())
      return error;
    if (const auto error = mapping_.co_write_tables())
      return error;
  }
  if (mapping_.l1_dirty()) {
    if (const auto error = state_.file.co_flush())
      return error;
    if (const auto error = mapping_.co_write_l1())
      return error;
  }
  if (mapping_.released().empty())
    return {};
  if (const auto error = state_.file.co_flush())
    return error;
  return co_lower_released();
}

std::error_code Metadata::co_lower_released() {
  state_.file.co_event(BlockEvent::cluster_free);
  const uint32_t bits = state_.geometry().cluster_bits;
  std::vector<uint64_t>& released = mapping_.released();
  std::vector<uint64_t> freed;
  std::error_code error;
  while (!released.empty() && !error) {
    const uint64_t cluster = released.back();
    released.pop_back();
    const auto free = co_lower(cluster);
    if (!free)
      error = free.error();
    else if (*free)
      freed.push_back(cluster);
  }
  if (!discard_freed_)
    return error;
  std::ranges::sort(freed);
  for (size_t begin = 0; begin < freed.size();) {
    size_t end = begin + 1;
    while (end < freed.size() && freed[end] == freed[end - 1] + 1)
      ++end;
    // A hint: a file system that can't is none the worse for it.
    (void)state_.file.co_discard(freed[begin] << bits, (end - begin) << bits);
    begin = end;
  }
  return error;
}

std::error_code Metadata::co_make_room_for(uint64_t size) {
  if (const auto error = refuse_if_corrupt())
    return error;
  const uint64_t entries = state_.geometry().l1_entries_for(size);
  if (entries <= state_.header.l1_entries)
    return {};
  if (entries * 8 > most_l1_bytes)
    return std::make_error_code(std::errc::file_too_large);
  if (const auto error = co_write_back())
    return error;
  if (const auto error = mapping_.co_grow_l1(entries))
    return error;
  return co_write_back();
}

std::error_code Metadata::co_drop_behind(uint64_t size) {
  const Geometry& geometry = state_.geometry();
  const uint64_t from = round_up(size, geometry.cluster_size());
  uint64_t first_table = geometry.l1_index(from);
  // Of the table that the end is in, a part.
  if (from % geometry.bytes_per_l2() != 0) {
    if (mapping_.has_table(from)) {
      const uint64_t clusters = geometry.l2_entries() - geometry.l2_index(from);
      if (const auto error = co_clear(from, clusters, Mapping::Clear::unallocate))
        return error;
    }
    ++first_table;
  }
  for (uint64_t index = first_table; index < state_.header.l1_entries; ++index) {
    if (const auto error = co_prepare_change())
      return error;
    if (const auto error = mapping_.co_drop_table(index))
      return error;
    if (const auto error = co_after_change())
      return error;
  }
  return co_write_back();
}

std::error_code Metadata::co_settle() {
  while (dirty() || !mapping_.released().empty())
    if (const auto error = co_write_back())
      return error;
  return {};
}

std::error_code Metadata::co_store_bitmaps(const Bitmaps& bitmaps) {
  if (const auto error = refuse_if_corrupt())
    return error;
  if (const auto error = bitmaps_.co_store(bitmaps, mapping_.released()))
    return error;
  return co_settle();
}

std::error_code Metadata::co_remove_bitmap(const std::string& name) {
  if (const auto error = refuse_if_corrupt())
    return error;
  if (const auto error = bitmaps_.co_remove(name, mapping_.released()))
    return error;
  return co_settle();
}

std::error_code Metadata::co_set_size(uint64_t size) {
  if (const auto error = refuse_if_corrupt())
    return error;
  return state_.co_change_header([size](Header& header) { header.size = size; });
}

} // namespace lockvet::runtime::qcow2
