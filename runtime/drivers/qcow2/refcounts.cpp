// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/refcounts.h"

#include "runtime/drivers/qcow2/refcount_array.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr uint64_t table_entry_reserved = 0x1ff;

} // namespace

Result<> Refcounts::co_load() {
  const Geometry& geometry = state_.geometry();
  const uint64_t table_offset = state_.header.refcount_table_offset;
  const uint64_t bytes = uint64_t{state_.header.refcount_table_clusters} << geometry.cluster_bits;
  std::vector<std::byte> raw(bytes);
  state_.file.co_event(BlockEvent::reftable_load);
  if (const auto error = state_.file.co_read(table_offset, raw))
    return failed_while("reading the refcount table", error);
  table_.resize(bytes / 8);
  for (uint64_t index = 0; index < table_.size(); ++index) {
    const uint64_t entry = load_big_endian<uint64_t>(raw.data() + index * 8);
    if (entry == 0)
      continue;
    const std::string where =
        "entry " + std::to_string(index) + " of the refcount table is " + hex(entry);
    if ((entry & table_entry_reserved) != 0 || !geometry.is_aligned(entry))
      return malformed(where + ", which is not the offset of a cluster");
    if (entry >= state_.end)
      return malformed(where + ", past the end of the file at " + hex(state_.end));
    table_[index] = entry;
    state_.reserved.collect(entry >> geometry.cluster_bits, 1, Structure::refcount_block);
  }
  state_.reserved.collect(table_offset >> geometry.cluster_bits,
                          state_.header.refcount_table_clusters, Structure::refcount_table);
  return {};
}

uint64_t Refcounts::load(const TableCache::Table& block, uint64_t index) const noexcept {
  return load_refcount(block.bytes.get(), index, state_.geometry().refcount_order);
}

void Refcounts::store(TableCache::Table& block, uint64_t index, uint64_t value) noexcept {
  const uint32_t order = state_.geometry().refcount_order;
  store_refcount(block.bytes.get(), index, order, value);
  const uint64_t bit = index << order;
  blocks_.mark_dirty(block, bit / 8, (bit + state_.geometry().refcount_bits() + 7) / 8);
}

Refcounts::Expected<uint64_t> Refcounts::co_get(uint64_t cluster) {
  const uint64_t index = cluster / block_entries();
  if (index >= table_.size() || table_[index] == 0)
    return 0;
  const auto block = blocks_.co_get(table_[index]);
  if (!block)
    return std::unexpected(block.error());
  return load(**block, cluster % block_entries());
}

std::error_code Refcounts::co_set(uint64_t cluster, uint64_t value) {
  const auto block = blocks_.co_get(table_[cluster / block_entries()]);
  if (!block)
    return block.error();
  store(**block, cluster % block_entries(), value);
  return {};
}

std::error_code Refcounts::co_raise(uint64_t cluster) {
  const auto count = co_get(cluster);
  if (!count)
    return count.error();
  if (*count == state_.geometry().most_refcount())
    return std::make_error_code(std::errc::result_out_of_range);
  if (const auto error = co_cover(cluster, 1))
    return error;
  return co_set(cluster, *count + 1);
}

Refcounts::Expected<bool> Refcounts::co_lower(uint64_t cluster) {
  const auto count = co_get(cluster);
  if (!count)
    return std::unexpected(count.error());
  if (*count == 0)
    return std::unexpected(state_.co_mark_corrupt("the cluster at host offset " +
                                                  hex(cluster << state_.geometry().cluster_bits) +
                                                  " was in use, and its reference count is 0"));
  if (const auto error = co_set(cluster, *count - 1))
    return std::unexpected(error);
  if (*count == 1)
    first_free_ = std::min(first_free_, cluster);
  return *count == 1;
}

std::error_code Refcounts::co_take(HostRun run) {
  const uint32_t bits = state_.geometry().cluster_bits;
  if (const auto table = state_.reserved.find(run.first_cluster, run.clusters))
    return state_.co_mark_corrupt("the clusters from host offset " +
                                  hex(run.first_cluster << bits) + " are free by their " +
                                  "reference counts, and " + name_of(*table) + " is there");
  return co_set_taken(run);
}

std::error_code Refcounts::co_set_taken(HostRun run) {
  const uint32_t bits = state_.geometry().cluster_bits;
  for (uint64_t cluster = run.first_cluster; cluster < run.first_cluster + run.clusters; ++cluster)
    if (const auto error = co_set(cluster, 1))
      return error;
  state_.end = std::max(state_.end, (run.first_cluster + run.clusters) << bits);
  return {};
}

Refcounts::Expected<HostRun> Refcounts::co_allocate_some(uint64_t most) {
  state_.file.co_event(BlockEvent::cluster_alloc);
  for (uint64_t cluster = first_free_;;) {
    if (const auto error = co_cover(cluster, 1))
      return std::unexpected(error);
    const auto block = blocks_.co_get(table_[cluster / block_entries()]);
    if (!block)
      return std::unexpected(block.error());
    const uint64_t block_start = cluster - cluster % block_entries();
    uint64_t index = cluster % block_entries();
    while (index < block_entries() && load(**block, index) != 0)
      ++index;
    if (index == block_entries()) {
      pass_used(cluster, block_start + index);
      cluster = block_start + index;
      continue;
    }
    uint64_t end = index + 1;
    while (end < block_entries() && end - index < most && load(**block, end) == 0)
      ++end;
    const HostRun run{block_start + index, end - index};
    if (const auto error = co_take(run))
      return std::unexpected(error);
    pass_used(cluster, block_start + end);
    return run;
  }
}

Refcounts::Expected<HostRun> Refcounts::co_allocate_all(uint64_t count) {
  state_.file.co_event(BlockEvent::cluster_alloc);
  HostRun run{first_free_, 0};
  while (run.clusters < count) {
    const uint64_t cluster = run.first_cluster + run.clusters;
    if (const auto error = co_cover(cluster, count - run.clusters))
      return std::unexpected(error);
    const auto used = co_get(cluster);
    if (!used)
      return std::unexpected(used.error());
    if (*used == 0)
      ++run.clusters;
    else
      run = {cluster + 1, 0};
  }
  if (const auto error = co_take(run))
    return std::unexpected(error);
  pass_used(run.first_cluster, run.first_cluster + count);
  return run;
}

Refcounts::Expected<bool> Refcounts::co_allocate_at(uint64_t cluster) {
  if (const auto error = co_cover(cluster, 1))
    return std::unexpected(error);
  const auto used = co_get(cluster);
  if (!used)
    return std::unexpected(used.error());
  if (*used != 0)
    return false;
  if (const auto error = co_take({cluster, 1}))
    return std::unexpected(error);
  return true;
}

std::error_code Refcounts::co_write_dirty() {
  if (const auto error = blocks_.co_write_dirty())
    return error;
  if (dirty_entries_.empty())
    return {};
  // An entry makes a block count, which therefore has to be there first.
  if (const auto error = state_.file.co_flush())
    return error;
  for (const uint64_t index : dirty_entries_) {
    state_.file.co_event(BlockEvent::refblock_alloc_hookup);
    std::byte entry[8];
    store_big_endian<uint64_t>(entry, table_[index]);
    if (const auto error =
            state_.file.co_write(state_.header.refcount_table_offset + index * 8, entry))
      return error;
  }
  dirty_entries_.clear();
  return {};
}

} // namespace lockvet::runtime::qcow2
