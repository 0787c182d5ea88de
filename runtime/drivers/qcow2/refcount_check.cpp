// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/refcount_check.h"

#include "runtime/drivers/qcow2/byte_order.h"
#include "runtime/drivers/qcow2/refcount_array.h"

namespace lockvet::runtime::qcow2 {

Result<std::vector<uint64_t>> RefcountCheck::co_read_table() {
  const uint64_t file_end = walk_.end() << geometry().cluster_bits;
  std::vector<uint64_t> table;
  if (auto valid = validate_refcount_table(header_, file_end); !valid) {
    report_.corruption(valid.error().message);
    return table;
  }
  const uint64_t bytes = uint64_t{header_.refcount_table_clusters} << geometry().cluster_bits;
  walk_.count_alone(header_.refcount_table_offset, bytes, Use::refcount_table);
  std::vector<std::byte> raw(bytes);
  if (const auto error = file_.co_read(header_.refcount_table_offset, raw))
    return failed_while("reading the refcount table", error);
  table.resize(bytes / 8);
  for (uint64_t index = 0; index < table.size(); ++index) {
    const uint64_t entry = load_big_endian<uint64_t>(raw.data() + index * 8);
    if (entry == 0)
      continue;
    const std::string where =
        "entry " + std::to_string(index) + " of the refcount table is " + hex(entry);
    if (!geometry().is_aligned(entry))
      report_.corruption(where + ", which is not the offset of a cluster");
    else if (entry >= file_end)
      report_.corruption(where + ", past the end of the file at " + hex(file_end));
    else if (walk_.count_alone(entry, 1, Use::refcount_block))
      table[index] = entry;
  }
  return table;
}

Result<> RefcountCheck::co_compare(bool mend_leaks) {
  const auto table = co_read_table();
  if (!table)
    return std::unexpected(table.error());
  const uint64_t entries = geometry().refcount_block_entries();
  walk_.references().for_each([&](uint64_t cluster, const ReferenceMap::Cell&) {
    const uint64_t block = cluster / entries;
    if (block >= table->size() || (*table)[block] == 0)
      compare(cluster, 0);
    report_.end_cluster = cluster + 1;
  });
  for (uint64_t index = 0; index < table->size(); ++index)
    if ((*table)[index] != 0)
      if (auto compared = co_compare_block(index, (*table)[index], mend_leaks); !compared)
        return compared;
  return {};
}

Result<> RefcountCheck::co_compare_block(uint64_t number, uint64_t offset, bool mend_leaks) {
  std::vector<std::byte> block(geometry().cluster_size());
  if (const auto error = file_.co_read(offset, block))
    return failed_while("reading a refcount block", error);
  const uint32_t order = geometry().refcount_order;
  bool changed = false;
  for (uint64_t index = 0; index < geometry().refcount_block_entries(); ++index) {
    const uint64_t cluster = number * geometry().refcount_block_entries() + index;
    const uint64_t stored = load_refcount(block.data(), index, order);
    const uint64_t found = walk_.references().at(cluster).count;
    if (stored == found)
      continue;
    compare(cluster, stored);
    if (mend_leaks && stored > found) {
      store_refcount(block.data(), index, order, found);
      changed = true;
    }
  }
  if (changed)
    if (const auto error = file_.co_write(offset, block))
      return failed_while("writing a refcount block", error);
  return {};
}

void RefcountCheck::compare(uint64_t cluster, uint64_t stored) {
  const ReferenceMap::Cell cell = walk_.references().at(cluster);
  const std::string what = "the cluster at offset " + hex(cluster << geometry().cluster_bits) +
                           " (" + name_of(cell.use) + ") is counted " + std::to_string(stored) +
                           " times, and referred to " + std::to_string(cell.count) + " times";
  if (stored > cell.count) {
    report_.leak(what);
    leaked_.insert(cluster);
  } else {
    report_.corruption(what);
  }
}

Result<> RefcountCheck::co_rebuild() {
  const uint64_t entries = geometry().refcount_block_entries();
  std::set<uint64_t> blocks;
  uint64_t most = 0;
  walk_.references().for_each([&](uint64_t cluster, const ReferenceMap::Cell& cell) {
    blocks.insert(cluster / entries);
    most = std::max<uint64_t>(most, cell.count);
  });
  if (most > geometry().most_refcount())
    return fail(std::errc::not_supported,
                "a cluster is referred to " + std::to_string(most) +
                    " times, and the width of the reference counts has no more than " +
                    std::to_string(geometry().most_refcount()));
  // The new table and blocks count themselves, until that makes no more of them.
  const uint64_t first = walk_.end();
  uint64_t table_clusters = 0;
  while (true) {
    const size_t before = blocks.size() + table_clusters;
    const uint64_t last = first + before + 1;
    for (uint64_t cluster = first; cluster <= last; ++cluster)
      blocks.insert(cluster / entries);
    table_clusters = geometry().clusters((*blocks.rbegin() + 1) * 8);
    if (blocks.size() + table_clusters == before)
      break;
  }
  if (table_clusters << geometry().cluster_bits > most_refcount_table_bytes)
    return fail(std::errc::file_too_large,
                "the file is too large for a refcount table of at most " +
                    std::to_string(most_refcount_table_bytes) + " bytes");
  const uint32_t bits = geometry().cluster_bits;
  walk_.count_alone(first << bits, blocks.size() << bits, Use::refcount_block);
  const uint64_t table_offset = (first + blocks.size()) << bits;
  walk_.count_alone(table_offset, table_clusters << bits, Use::refcount_table);
  if (auto written = co_write_blocks(blocks, first); !written)
    return written;
  std::vector<std::byte> table(table_clusters << bits);
  uint64_t place = first;
  for (const uint64_t number : blocks)
    store_big_endian<uint64_t>(table.data() + number * 8, place++ << bits);
  auto error = file_.co_write(table_offset, table);
  // The old table counts until all of the new one is there.
  if (!error)
    error = file_.co_flush();
  if (error)
    return failed_while("writing a new refcount table", error);
  header_.refcount_table_offset = table_offset;
  header_.refcount_table_clusters = static_cast<uint32_t>(table_clusters);
  return {};
}

Result<> RefcountCheck::co_write_blocks(const std::set<uint64_t>& blocks, uint64_t first) {
  const uint64_t entries = geometry().refcount_block_entries();
  uint64_t place = first;
  for (const uint64_t number : blocks) {
    std::vector<std::byte> block(geometry().cluster_size());
    for (uint64_t index = 0; index < entries; ++index)
      store_refcount(block.data(), index, geometry().refcount_order,
                     walk_.references().at(number * entries + index).count);
    if (const auto error = file_.co_write(place++ << geometry().cluster_bits, block))
      return failed_while("writing a new refcount block", error);
  }
  return {};
}

} // namespace lockvet::runtime::qcow2
