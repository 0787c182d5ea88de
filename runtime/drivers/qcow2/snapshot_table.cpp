// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/snapshot_table.h"

#include "runtime/drivers/qcow2/byte_order.h"

#include <array>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr uint64_t fixed_bytes = 40;
constexpr uint64_t most_table_bytes = uint64_t{64} << 20;
// Of all snapshots together: each cluster of theirs is kept track of.
constexpr uint64_t most_l1_bytes_of_all = uint64_t{256} << 20;

} // namespace

Result<SnapshotTable> co_read_snapshot_table(ImageFile& file, const Header& header,
                                             uint64_t file_size) {
  SnapshotTable table;
  uint64_t l1_bytes_of_all = 0;
  const Geometry& geometry = header.geometry;
  for (uint32_t number = 0; number < header.snapshot_count; ++number) {
    const uint64_t offset = header.snapshots_offset + table.bytes;
    const std::string where = "snapshot " + std::to_string(number) + " at offset " + hex(offset);
    std::array<std::byte, fixed_bytes> fixed;
    if (const auto error = file.co_read(offset, fixed))
      return failed_while("reading the snapshot table", error);
    const uint64_t id_size = load_big_endian<uint16_t>(fixed.data() + 12);
    const uint64_t name_size = load_big_endian<uint16_t>(fixed.data() + 14);
    const uint64_t extra_size = load_big_endian<uint32_t>(fixed.data() + 36);
    const uint64_t size = round_up(fixed_bytes + extra_size + id_size + name_size, 8);
    if (size > most_table_bytes - table.bytes || offset + size > round_up(file_size, 8))
      return malformed(where + " has " + std::to_string(size) +
                       " bytes, and so reaches past the end of the file or the limit");
    std::string text(id_size + name_size, '\0');
    if (const auto error = file.co_read(offset + fixed_bytes + extra_size,
                                        std::as_writable_bytes(std::span(text))))
      return failed_while("reading the snapshot table", error);
    const uint64_t l1_offset = load_big_endian<uint64_t>(fixed.data());
    const uint32_t l1_entries = load_big_endian<uint32_t>(fixed.data() + 8);
    const uint64_t l1_bytes = uint64_t{l1_entries} * 8;
    if (l1_bytes > most_l1_bytes || !geometry.is_aligned(l1_offset) ||
        (l1_entries != 0 && l1_offset >= file_size))
      return malformed(where + " has an L1 table at " + hex(l1_offset) + " with " +
                       std::to_string(l1_entries) +
                       " entries, which is misaligned, too long or past the end of the file");
    l1_bytes_of_all += round_up(l1_bytes, geometry.cluster_size());
    if (l1_bytes_of_all > most_l1_bytes_of_all)
      return malformed("the L1 tables of the snapshots up to " + where + " have " +
                       std::to_string(l1_bytes_of_all) + " bytes; " +
                       std::to_string(most_l1_bytes_of_all) + " is the limit");
    table.entries.push_back({l1_offset, l1_entries, text.substr(0, id_size), text.substr(id_size)});
    table.bytes += size;
  }
  return table;
}

} // namespace lockvet::runtime::qcow2
