// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/snapshot_table.h"

#include "runtime/drivers/qcow2/byte_order.h"

#include <algorithm>
#include <array>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr uint64_t fixed_bytes = 40;
// Of no instructions that are counted.
constexpr uint64_t no_instructions = ~uint64_t{0};

std::optional<uint64_t> extra_field(const std::vector<std::byte>& extra, size_t at) {
  if (extra.size() < at + 8)
    return std::nullopt;
  return load_big_endian<uint64_t>(extra.data() + at);
}

} // namespace

uint64_t Snapshot::state_bytes() const {
  return extra_field(extra, 0).value_or(short_state_bytes);
}

std::optional<uint64_t> Snapshot::disk_bytes() const {
  return extra_field(extra, 8);
}

std::optional<uint64_t> Snapshot::instructions() const {
  const auto count = extra_field(extra, 16);
  return count == no_instructions ? std::nullopt : count;
}

std::vector<std::byte> snapshot_extra(uint64_t disk_bytes) {
  std::vector<std::byte> extra(24);
  store_big_endian<uint64_t>(extra.data() + 8, disk_bytes);
  store_big_endian<uint64_t>(extra.data() + 16, no_instructions);
  return extra;
}

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
    if (size > most_snapshot_table_bytes - table.bytes || offset + size > round_up(file_size, 8))
      return malformed(where + " has " + std::to_string(size) +
                       " bytes, and so reaches past the end of the file or the limit");
    std::vector<std::byte> rest(extra_size + id_size + name_size);
    if (const auto error = file.co_read(offset + fixed_bytes, rest))
      return failed_while("reading the snapshot table", error);
    const std::string_view text(reinterpret_cast<const char*>(rest.data()) + extra_size,
                                id_size + name_size);
    Snapshot snapshot{
        .id = std::string(text.substr(0, id_size)),
        .name = std::string(text.substr(id_size)),
        .seconds = load_big_endian<uint32_t>(fixed.data() + 16),
        .nanoseconds = load_big_endian<uint32_t>(fixed.data() + 20),
        .clock_nanoseconds = load_big_endian<uint64_t>(fixed.data() + 24),
        .l1_offset = load_big_endian<uint64_t>(fixed.data()),
        .l1_entries = load_big_endian<uint32_t>(fixed.data() + 8),
        .short_state_bytes = load_big_endian<uint32_t>(fixed.data() + 32),
    };
    rest.resize(extra_size);
    snapshot.extra = std::move(rest);
    const uint64_t l1_bytes = uint64_t{snapshot.l1_entries} * 8;
    if (l1_bytes > most_l1_bytes || !geometry.is_aligned(snapshot.l1_offset) ||
        (snapshot.l1_entries != 0 && snapshot.l1_offset >= file_size))
      return malformed(where + " has an L1 table at " + hex(snapshot.l1_offset) + " with " +
                       std::to_string(snapshot.l1_entries) +
                       " entries, which is misaligned, too long or past the end of the file");
    l1_bytes_of_all += round_up(l1_bytes, geometry.cluster_size());
    if (l1_bytes_of_all > most_snapshot_l1_bytes)
      return malformed("the L1 tables of the snapshots up to " + where + " have " +
                       std::to_string(l1_bytes_of_all) + " bytes; " +
                       std::to_string(most_snapshot_l1_bytes) + " is the limit");
    table.entries.push_back(std::move(snapshot));
    table.bytes += size;
  }
  return table;
}

std::vector<std::byte> serialize_snapshots(const std::vector<Snapshot>& snapshots) {
  std::vector<std::byte> raw;
  for (const Snapshot& snapshot : snapshots) {
    const size_t at = raw.size();
    const std::string text = snapshot.id + snapshot.name;
    raw.resize(at + round_up(fixed_bytes + snapshot.extra.size() + text.size(), 8));
    std::byte* const fields = raw.data() + at;
    store_big_endian<uint64_t>(fields, snapshot.l1_offset);
    store_big_endian<uint32_t>(fields + 8, snapshot.l1_entries);
    store_big_endian<uint16_t>(fields + 12, static_cast<uint16_t>(snapshot.id.size()));
    store_big_endian<uint16_t>(fields + 14, static_cast<uint16_t>(snapshot.name.size()));
    store_big_endian<uint32_t>(fields + 16, snapshot.seconds);
    store_big_endian<uint32_t>(fields + 20, snapshot.nanoseconds);
    store_big_endian<uint64_t>(fields + 24, snapshot.clock_nanoseconds);
    store_big_endian<uint32_t>(fields + 32, snapshot.short_state_bytes);
    store_big_endian<uint32_t>(fields + 36, static_cast<uint32_t>(snapshot.extra.size()));
    std::byte* const rest = std::ranges::copy(snapshot.extra, fields + fixed_bytes).out;
    std::ranges::copy(std::as_bytes(std::span(text)), rest);
  }
  return raw;
}

} // namespace lockvet::runtime::qcow2
