// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The clusters that bitmaps have. Bitmaps are not used here, but what is theirs is not free.

#include "runtime/drivers/qcow2/byte_order.h"
#include "runtime/drivers/qcow2/reference_walk.h"

#include <array>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr uint64_t directory_entry_bytes = 24;
constexpr uint64_t most_directory_bytes = uint64_t{64} << 20;
constexpr uint64_t most_table_entries = uint64_t{4} << 20;

} // namespace

Result<> ReferenceWalk::co_walk_bitmaps() {
  const auto* const extension = find_extension(header_.extensions, HeaderExtension::bitmaps);
  if (extension == nullptr)
    return {};
  if (extension->payload.size() < 24) {
    report_.corruption("the bitmaps extension has " + std::to_string(extension->payload.size()) +
                       " bytes, and not 24");
    return {};
  }
  const std::byte* const fields = extension->payload.data();
  const uint32_t count = load_big_endian<uint32_t>(fields);
  const uint64_t directory_bytes = load_big_endian<uint64_t>(fields + 8);
  const uint64_t directory = load_big_endian<uint64_t>(fields + 16);
  const uint64_t file_end = end_ << geometry().cluster_bits;
  const auto is_outside = [&](uint64_t offset, uint64_t bytes) {
    return !geometry().is_aligned(offset) || offset >= file_end || bytes > file_end - offset;
  };
  if (directory_bytes > most_directory_bytes || is_outside(directory, directory_bytes)) {
    report_.corruption("the directory of the bitmaps is at " + hex(directory) + " and has " +
                       std::to_string(directory_bytes) + " bytes, which is not in the file");
    return {};
  }
  count_alone(directory, directory_bytes, Use::bitmap);
  uint64_t at = 0;
  for (uint32_t number = 0; number < count; ++number) {
    if (at + directory_entry_bytes > directory_bytes) {
      report_.corruption("the directory of the bitmaps ends before bitmap " +
                         std::to_string(number));
      return {};
    }
    std::array<std::byte, directory_entry_bytes> fixed;
    if (const auto error = file_.co_read(directory + at, fixed))
      return failed_while("reading the directory of the bitmaps", error);
    const uint64_t table = load_big_endian<uint64_t>(fixed.data());
    const uint64_t entries = load_big_endian<uint32_t>(fixed.data() + 8);
    const uint64_t name_bytes = load_big_endian<uint16_t>(fixed.data() + 18);
    const uint64_t extra_bytes = load_big_endian<uint32_t>(fixed.data() + 20);
    at += round_up(directory_entry_bytes + name_bytes + extra_bytes, 8);
    if (entries > most_table_entries || is_outside(table, entries * 8)) {
      report_.corruption("the table of bitmap " + std::to_string(number) + " is at " + hex(table) +
                         " and has " + std::to_string(entries) +
                         " entries, which is not in the file");
      continue;
    }
    // A table that many bitmaps have would be a long way.
    if (!count_alone(table, entries * 8, Use::bitmap))
      continue;
    const auto pointers = co_read_entries(table, entries, "reading the table of a bitmap");
    if (!pointers)
      return std::unexpected(pointers.error());
    for (const uint64_t pointer : *pointers) {
      const uint64_t offset = pointer & entry_offset_mask;
      if (offset == 0)
        continue;
      if (is_outside(offset, 1))
        report_.corruption("bitmap " + std::to_string(number) + " has data at " + hex(offset) +
                           ", which is not a cluster of the file");
      else
        count_alone(offset, 1, Use::bitmap);
    }
  }
  return {};
}

} // namespace lockvet::runtime::qcow2
