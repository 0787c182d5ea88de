// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/bitmap_directory.h"

#include "runtime/drivers/qcow2/byte_order.h"
#include "runtime/drivers/qcow2/table_entry.h"

#include <algorithm>
#include <set>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr size_t extension_bytes = 24;
constexpr size_t entry_head_bytes = 24;
constexpr uint32_t known_flags = BitmapEntry::in_use | BitmapEntry::enabled;
constexpr unsigned dirty_tracking = 1;
constexpr unsigned least_granularity_bits = 9;
constexpr unsigned most_granularity_bits = 31;
constexpr size_t most_bitmap_name_bytes = 1023;
constexpr uint64_t bitmap_entry_reserved = ~(entry_offset_mask | BitmapTable::all_ones);

bool is_in_file(uint64_t offset, uint64_t bytes, const Geometry& geometry, uint64_t file_size) {
  const uint64_t end = round_up(std::min(file_size, most_host_bytes), geometry.cluster_size());
  return geometry.is_aligned(offset) && offset != 0 && offset < end && bytes <= end - offset;
}

// What is wrong with an entry, or nothing.
std::string problem_of(const BitmapEntry& bitmap, const Header& header, uint64_t file_size) {
  const Geometry& geometry = header.geometry;
  if (bitmap.granularity_bits < least_granularity_bits ||
      bitmap.granularity_bits > most_granularity_bits)
    return "has granularity bits " + std::to_string(bitmap.granularity_bits) + ", and not 9 to 31";
  if ((bitmap.flags & ~known_flags) != 0)
    return "has flags " + hex(bitmap.flags) + ", of which only 0x1 and 0x2 are known";
  if (bitmap.table_entries == 0 ||
      !is_in_file(bitmap.table_offset, uint64_t{bitmap.table_entries} * 8, geometry, file_size))
    return "has a table at " + hex(bitmap.table_offset) + " with " +
           std::to_string(bitmap.table_entries) + " entries, which is not in the file";
  if (bitmap.has(BitmapEntry::in_use))
    return {};
  const uint64_t needed =
      geometry.clusters(bitmap_bytes(header.size, uint64_t{1} << bitmap.granularity_bits));
  if (bitmap.table_entries != std::max<uint64_t>(needed, 1))
    return "has a table with " + std::to_string(bitmap.table_entries) + " entries, and a disk of " +
           std::to_string(header.size) + " bytes needs " + std::to_string(needed);
  return {};
}

Result<BitmapDirectory> parse_extension(const Header& header, uint32_t& count) {
  const HeaderExtension& extension = *find_extension(header.extensions, HeaderExtension::bitmaps);
  if (extension.payload.size() != extension_bytes)
    return malformed("the bitmaps extension has " + std::to_string(extension.payload.size()) +
                     " bytes, and not " + std::to_string(extension_bytes));
  const std::byte* const fields = extension.payload.data();
  count = load_big_endian<uint32_t>(fields);
  BitmapDirectory directory{.offset = load_big_endian<uint64_t>(fields + 16),
                            .bytes = load_big_endian<uint64_t>(fields + 8)};
  if (count == 0 || count > most_bitmaps || load_big_endian<uint32_t>(fields + 4) != 0)
    return malformed("the bitmaps extension has " + std::to_string(count) + " bitmaps; from 1 to " +
                     std::to_string(most_bitmaps) + " can be, and zeroes behind that");
  return directory;
}

} // namespace

bool has_bitmaps(const Header& header) {
  return (header.autoclear_features & feature_bitmaps) != 0 &&
         find_extension(header.extensions, HeaderExtension::bitmaps) != nullptr;
}

Result<BitmapDirectory> co_read_bitmap_directory(ImageFile& file, const Header& header,
                                                 uint64_t file_size) {
  if (!has_bitmaps(header))
    return BitmapDirectory();
  uint32_t count = 0;
  auto directory = parse_extension(header, count);
  if (!directory)
    return directory;
  const std::string what = "the directory of the bitmaps at offset " + hex(directory->offset) +
                           " with " + std::to_string(directory->bytes) + " bytes";
  if (directory->bytes > most_bitmap_directory_bytes ||
      !is_in_file(directory->offset, directory->bytes, header.geometry, file_size))
    return malformed(what + " is not in the file, or longer than " +
                     std::to_string(most_bitmap_directory_bytes) + " bytes");
  std::vector<std::byte> raw(directory->bytes);
  if (const auto error = file.co_read(directory->offset, raw))
    return failed_while("reading the directory of the bitmaps", error);
  std::set<std::string> names;
  uint64_t bytes_in_memory = 0;
  uint64_t clusters_of_all = 0;
  size_t at = 0;
  for (uint32_t number = 0; number < count; ++number) {
    if (raw.size() - at < entry_head_bytes)
      return malformed(what + " ends before bitmap " + std::to_string(number));
    const std::byte* const fields = raw.data() + at;
    const size_t name_bytes = load_big_endian<uint16_t>(fields + 18);
    const std::string where =
        "bitmap " + std::to_string(number) + " at offset " + hex(directory->offset + at) + " ";
    const auto type = std::to_integer<unsigned>(fields[16]);
    if (type != dirty_tracking || load_big_endian<uint32_t>(fields + 20) != 0)
      return malformed(where + "has type " + std::to_string(type) +
                       ", or data of a kind that is not supported");
    const uint64_t bytes = bitmap_entry_bytes(name_bytes);
    if (name_bytes == 0 || name_bytes > most_bitmap_name_bytes || bytes > raw.size() - at)
      return malformed(where + "has a name of " + std::to_string(name_bytes) +
                       " bytes, which is not 1 to " + std::to_string(most_bitmap_name_bytes) +
                       ", or reaches past the end of the directory");
    BitmapEntry bitmap{
        .name = {reinterpret_cast<const char*>(fields) + entry_head_bytes, name_bytes},
        .flags = load_big_endian<uint32_t>(fields + 12),
        .granularity_bits = std::to_integer<uint8_t>(fields[17]),
        .table_offset = load_big_endian<uint64_t>(fields),
        .table_entries = load_big_endian<uint32_t>(fields + 8),
    };
    if (const std::string problem = problem_of(bitmap, header, file_size); !problem.empty())
      return malformed(where + problem);
    if (!bitmap.has(BitmapEntry::in_use))
      bytes_in_memory += bitmap_bytes(header.size, uint64_t{1} << bitmap.granularity_bits);
    clusters_of_all += bitmap.table_entries;
    if (bytes_in_memory > most_bitmap_bytes ||
        clusters_of_all > count + header.geometry.clusters(most_bitmap_bytes))
      return malformed("the bitmaps up to " + where + "have more than " +
                       std::to_string(most_bitmap_bytes) + " bytes, which is the limit");
    if (!names.insert(bitmap.name).second)
      return malformed(where + "has the name of another one");
    directory->entries.push_back(std::move(bitmap));
    at += bytes;
  }
  if (at != raw.size())
    return malformed(what + " has more than its " + std::to_string(count) + " bitmaps");
  return directory;
}

Result<BitmapTable> co_read_bitmap_table(ImageFile& file, const Header& header,
                                         const BitmapEntry& bitmap, uint64_t file_size) {
  BitmapTable table;
  std::vector<std::byte> raw(uint64_t{bitmap.table_entries} * 8);
  if (const auto error = file.co_read(bitmap.table_offset, raw))
    return failed_while("reading the table of a bitmap", error);
  table.entries.reserve(bitmap.table_entries);
  for (size_t index = 0; index < bitmap.table_entries; ++index) {
    const uint64_t entry = load_big_endian<uint64_t>(raw.data() + index * 8);
    const bool has_cluster = (entry & entry_offset_mask) != 0;
    if ((entry & bitmap_entry_reserved) != 0 ||
        (has_cluster && !is_in_file(entry, 1, header.geometry, file_size)))
      return malformed("entry " + std::to_string(index) + " of the table of a bitmap at offset " +
                       hex(bitmap.table_offset) + " is " + hex(entry) +
                       ", which is not a cluster of the file");
    table.entries.push_back(entry);
  }
  return table;
}

std::vector<std::byte> serialize_bitmap_directory(const BitmapDirectory& directory) {
  std::vector<std::byte> raw;
  for (const BitmapEntry& bitmap : directory.entries) {
    const size_t at = raw.size();
    raw.resize(at + bitmap_entry_bytes(bitmap.name.size()));
    std::byte* const fields = raw.data() + at;
    store_big_endian<uint64_t>(fields, bitmap.table_offset);
    store_big_endian<uint32_t>(fields + 8, bitmap.table_entries);
    store_big_endian<uint32_t>(fields + 12, bitmap.flags);
    fields[16] = static_cast<std::byte>(dirty_tracking);
    fields[17] = static_cast<std::byte>(bitmap.granularity_bits);
    store_big_endian<uint16_t>(fields + 18, static_cast<uint16_t>(bitmap.name.size()));
    std::memcpy(fields + entry_head_bytes, bitmap.name.data(), bitmap.name.size());
  }
  return raw;
}

void set_bitmap_directory(Header& header, const BitmapDirectory& directory) {
  std::erase_if(header.extensions, [](const HeaderExtension& extension) {
    return extension.type == HeaderExtension::bitmaps;
  });
  header.autoclear_features &= ~feature_bitmaps;
  if (directory.entries.empty())
    return;
  header.autoclear_features |= feature_bitmaps;
  HeaderExtension extension{HeaderExtension::bitmaps, std::vector<std::byte>(extension_bytes)};
  std::byte* const fields = extension.payload.data();
  store_big_endian<uint32_t>(fields, static_cast<uint32_t>(directory.entries.size()));
  store_big_endian<uint64_t>(fields + 8, directory.bytes);
  store_big_endian<uint64_t>(fields + 16, directory.offset);
  // In front, so that a change of it is a change of the first sector.
  header.extensions.insert(header.extensions.begin(), std::move(extension));
}

} // namespace lockvet::runtime::qcow2
