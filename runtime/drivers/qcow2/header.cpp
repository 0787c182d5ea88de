// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/header.h"

#include "runtime/drivers/qcow2/byte_order.h"

#include <algorithm>
#include <cstring>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr uint32_t magic = 0x514649fb;
constexpr uint32_t least_version_3_bytes = 104;
constexpr size_t later_fields_offset = 112;

uint32_t field32(std::span<const std::byte> bytes, size_t at) {
  return load_big_endian<uint32_t>(bytes.data() + at);
}
uint64_t field64(std::span<const std::byte> bytes, size_t at) {
  return load_big_endian<uint64_t>(bytes.data() + at);
}

// Calls one after the other until one fails.
template <typename... Steps> Result<> first_failure(Steps&&... steps) {
  Result<> result;
  (void)((result = steps(), result.has_value()) && ...);
  return result;
}

// A table's place: aligned, beyond the header's cluster, and inside of the file. A file may end
// within a cluster, whose rest reads as zeroes.
Result<> validate_place(const std::string& what, uint64_t offset, uint64_t bytes,
                        const Geometry& geometry, uint64_t file_size) {
  if (!geometry.is_aligned(offset))
    return malformed(what + " is at offset " + hex(offset) +
                     ", which is no multiple of the cluster size " +
                     std::to_string(geometry.cluster_size()));
  if (bytes == 0)
    return {};
  if (offset < geometry.cluster_size())
    return malformed(what + " is at offset " + hex(offset) +
                     ", and overlaps the header, which has the first cluster");
  const uint64_t end = round_up(std::min(file_size, most_host_bytes), geometry.cluster_size());
  if (offset >= end || bytes > end - offset)
    return malformed(what + " is at offset " + hex(offset) + " and has " + std::to_string(bytes) +
                     " bytes, and so reaches past the end of the file at " + hex(file_size));
  return {};
}

Result<> validate_no_overlap(const std::string& left, uint64_t left_offset, uint64_t left_bytes,
                             const std::string& right, uint64_t right_offset,
                             uint64_t right_bytes) {
  if (left_bytes == 0 || right_bytes == 0 || left_offset >= right_offset + right_bytes ||
      right_offset >= left_offset + left_bytes)
    return {};
  return malformed(left + " at offset " + hex(left_offset) + " with " + std::to_string(left_bytes) +
                   " bytes overlaps " + right + " at offset " + hex(right_offset) + " with " +
                   std::to_string(right_bytes) + " bytes");
}

Result<> parse_version_3(Header& header, std::span<const std::byte> bytes) {
  if (bytes.size() < least_version_3_bytes)
    return malformed("the file has " + std::to_string(bytes.size()) +
                     " bytes, and a header of version 3 at least " +
                     std::to_string(least_version_3_bytes));
  header.incompatible_features = field64(bytes, 72);
  header.compatible_features = field64(bytes, 80);
  header.autoclear_features = field64(bytes, 88);
  header.geometry.refcount_order = field32(bytes, 96);
  header.header_length = field32(bytes, 100);
  const uint32_t length = header.header_length;
  if (length < least_version_3_bytes || length % 8 != 0 || length > bytes.size())
    return malformed("the header's length at offset 0x64 is " + std::to_string(length) +
                     ", which is not a multiple of 8 from " +
                     std::to_string(least_version_3_bytes) + " to " + std::to_string(bytes.size()));
  if (length > later_fields_offset)
    header.later_fields.assign(bytes.begin() + later_fields_offset, bytes.begin() + length);
  return {};
}

Result<> parse_compression(Header& header, std::span<const std::byte> bytes) {
  const unsigned type = header.header_length > 104 ? std::to_integer<unsigned>(bytes[104]) : 0;
  const bool is_set = header.has(feature_compression_type);
  if (is_set && type != static_cast<unsigned>(Compression::zstd))
    return fail(type == 0 ? std::errc::invalid_argument : std::errc::not_supported,
                "the compression type at offset 0x68 is " + std::to_string(type) +
                    ", and the feature 'compression type' is set; only 1 (zstd) is supported");
  if (!is_set && type != 0)
    return malformed("the compression type at offset 0x68 is " + std::to_string(type) +
                     ", and the feature 'compression type' is not set");
  header.compression = static_cast<Compression>(type);
  return {};
}

Result<> parse_backing_name(Header& header, std::span<const std::byte> bytes) {
  header.backing_name_offset = field64(bytes, 8);
  if (header.backing_name_offset == 0)
    return {};
  const uint64_t offset = header.backing_name_offset;
  const uint32_t size = field32(bytes, 16);
  if (size > most_backing_name_bytes)
    return malformed("the name of the backing file has " + std::to_string(size) + " bytes; " +
                     std::to_string(most_backing_name_bytes) + " is the limit");
  if (offset < header.header_length || offset > bytes.size() || size > bytes.size() - offset)
    return malformed("the name of the backing file is at offset " + hex(offset) + " and has " +
                     std::to_string(size) + " bytes, and so is not in the first cluster of " +
                     std::to_string(header.geometry.cluster_size()) + " bytes after the header");
  header.backing_name.assign(reinterpret_cast<const char*>(bytes.data() + offset), size);
  if (header.backing_name.find('\0') != std::string::npos)
    return malformed("the name of the backing file at offset " + hex(offset) +
                     " has a zero byte in it");
  return {};
}

Result<> parse_features_and_extensions(Header& header, std::span<const std::byte> bytes) {
  size_t end = bytes.size();
  if (header.backing_name_offset != 0)
    end = std::min<size_t>(end, header.backing_name_offset);
  auto extensions = parse_extensions(
      bytes.subspan(header.header_length, end - header.header_length), header.header_length);
  if (!extensions) {
    // Of what can't be read, an unknown feature may be the reason, and is what to say.
    if (auto supported = refuse_unsupported(header.incompatible_features, {}); !supported)
      return supported;
    return std::unexpected(extensions.error());
  }
  header.extensions = std::move(*extensions);
  std::vector<FeatureName> names;
  if (const auto* table = find_extension(header.extensions, HeaderExtension::feature_names))
    if (auto parsed = parse_feature_names(table->payload))
      names = std::move(*parsed);
  return refuse_unsupported(header.incompatible_features, names);
}

Result<> validate_l1_table(const Header& header, uint64_t file_size) {
  const Geometry& geometry = header.geometry;
  const uint64_t bytes = uint64_t{header.l1_entries} * 8;
  if (bytes > most_l1_bytes)
    return malformed("the L1 table has " + std::to_string(header.l1_entries) + " entries; " +
                     std::to_string(most_l1_bytes / 8) + " is the limit");
  const uint64_t needed = geometry.l1_entries_for(header.size);
  if (header.l1_entries < needed)
    return malformed("the L1 table has " + std::to_string(header.l1_entries) +
                     " entries, and a disk of " + std::to_string(header.size) + " bytes needs " +
                     std::to_string(needed));
  return validate_place("the L1 table", header.l1_offset, bytes, geometry, file_size);
}

Result<> validate_snapshots(const Header& header, uint64_t file_size) {
  if (header.snapshot_count == 0)
    return {};
  if (header.snapshot_count > most_snapshots)
    return malformed("the image has " + std::to_string(header.snapshot_count) + " snapshots; " +
                     std::to_string(most_snapshots) + " is the limit");
  // An entry has at least so many bytes.
  const uint64_t bytes = uint64_t{header.snapshot_count} * 40;
  return first_failure(
      [&] {
        return validate_place("the snapshot table", header.snapshots_offset, bytes, header.geometry,
                              file_size);
      },
      [&] {
        return validate_no_overlap("the snapshot table", header.snapshots_offset, bytes,
                                   "the L1 table", header.l1_offset,
                                   uint64_t{header.l1_entries} * 8);
      });
}

} // namespace

std::string Header::backing_format() const {
  const auto* const extension = find_extension(extensions, HeaderExtension::backing_format);
  if (extension == nullptr)
    return {};
  return {reinterpret_cast<const char*>(extension->payload.data()), extension->payload.size()};
}

Result<uint64_t> first_cluster_size(std::span<const std::byte> start) {
  if (start.size() < Header::least_bytes)
    return malformed("the file has " + std::to_string(start.size()) +
                     " bytes, and a header at least " + std::to_string(Header::least_bytes));
  if (field32(start, 0) != magic)
    return malformed("the file begins with " + hex(field32(start, 0)) + ", and an image with " +
                     hex(magic));
  const uint32_t version = field32(start, 4);
  if (version != 2 && version != 3)
    return fail(std::errc::not_supported, "the header's version at offset 0x4 is " +
                                              std::to_string(version) + "; 2 and 3 are supported");
  const uint32_t bits = field32(start, 20);
  if (bits < least_cluster_bits || bits > most_cluster_bits)
    return malformed("cluster_bits at offset 0x14 is " + std::to_string(bits) + ", and not " +
                     std::to_string(least_cluster_bits) + " to " +
                     std::to_string(most_cluster_bits));
  return uint64_t{1} << bits;
}

Result<Header> parse_header(std::span<const std::byte> first_cluster, uint64_t file_size,
                            HeaderUse use) {
  auto cluster_size = first_cluster_size(first_cluster);
  if (!cluster_size)
    return std::unexpected(cluster_size.error());
  const auto bytes = first_cluster.first(std::min<size_t>(first_cluster.size(), *cluster_size));
  Header header;
  header.version = field32(bytes, 4);
  header.geometry.cluster_bits = field32(bytes, 20);
  header.size = field64(bytes, 24);
  header.l1_entries = field32(bytes, 36);
  header.l1_offset = field64(bytes, 40);
  header.refcount_table_offset = field64(bytes, 48);
  header.refcount_table_clusters = field32(bytes, 56);
  header.snapshot_count = field32(bytes, 60);
  header.snapshots_offset = field64(bytes, 64);
  header.header_length = Header::version_2_bytes;
  if (header.version == 3)
    if (auto parsed = parse_version_3(header, bytes); !parsed)
      return std::unexpected(parsed.error());
  // Features come first: what follows may mean something else under an unknown one.
  header.backing_name_offset = field64(bytes, 8);
  if (header.backing_name_offset != 0 && header.backing_name_offset < header.header_length)
    return malformed("the name of the backing file is at offset " +
                     hex(header.backing_name_offset) + ", inside of the header of " +
                     std::to_string(header.header_length) + " bytes");
  if (auto parsed = parse_features_and_extensions(header, bytes); !parsed)
    return std::unexpected(parsed.error());
  if (header.geometry.refcount_order > most_refcount_order)
    return malformed("refcount_order at offset 0x60 is " +
                     std::to_string(header.geometry.refcount_order) + "; " +
                     std::to_string(most_refcount_order) + " is the limit");
  const uint32_t encryption = field32(bytes, 32);
  if (encryption != 0)
    return fail(std::errc::not_supported,
                "the image is encrypted, which is not supported: crypt_method at offset 0x20 is " +
                    std::to_string(encryption) +
                    (encryption == 1   ? " (AES)"
                     : encryption == 2 ? " (LUKS)"
                                       : ""));
  const auto valid = first_failure([&] { return parse_compression(header, bytes); },
                                   [&] { return parse_backing_name(header, bytes); },
                                   [&] { return validate_l1_table(header, file_size); },
                                   [&] { return validate_snapshots(header, file_size); },
                                   [&] {
                                     return use == HeaderUse::open
                                                ? validate_refcount_table(header, file_size)
                                                : Result<>();
                                   });
  if (!valid)
    return std::unexpected(valid.error());
  return header;
}

Result<> validate_refcount_table(const Header& header, uint64_t file_size) {
  const uint64_t bytes = uint64_t{header.refcount_table_clusters} << header.geometry.cluster_bits;
  if (header.refcount_table_clusters == 0)
    return malformed("the image has no refcount table: its size at offset 0x38 is 0 clusters");
  if (bytes > most_refcount_table_bytes)
    return malformed("the refcount table has " + std::to_string(header.refcount_table_clusters) +
                     " clusters, and so " + std::to_string(bytes) + " bytes; " +
                     std::to_string(most_refcount_table_bytes) + " is the limit");
  return first_failure(
      [&] {
        return validate_place("the refcount table", header.refcount_table_offset, bytes,
                              header.geometry, file_size);
      },
      [&] {
        return validate_no_overlap("the refcount table", header.refcount_table_offset, bytes,
                                   "the L1 table", header.l1_offset,
                                   uint64_t{header.l1_entries} * 8);
      },
      [&] {
        return validate_no_overlap("the refcount table", header.refcount_table_offset, bytes,
                                   "the snapshot table", header.snapshots_offset,
                                   uint64_t{header.snapshot_count} * 40);
      });
}

std::vector<std::byte> serialize_fixed_part(const Header& header) {
  std::vector<std::byte> bytes(header.header_length);
  std::byte* const at = bytes.data();
  store_big_endian<uint32_t>(at, magic);
  store_big_endian<uint32_t>(at + 4, header.version);
  store_big_endian<uint64_t>(at + 8, header.backing_name_offset);
  store_big_endian<uint32_t>(at + 16, static_cast<uint32_t>(header.backing_name.size()));
  store_big_endian<uint32_t>(at + 20, header.geometry.cluster_bits);
  store_big_endian<uint64_t>(at + 24, header.size);
  store_big_endian<uint32_t>(at + 36, header.l1_entries);
  store_big_endian<uint64_t>(at + 40, header.l1_offset);
  store_big_endian<uint64_t>(at + 48, header.refcount_table_offset);
  store_big_endian<uint32_t>(at + 56, header.refcount_table_clusters);
  store_big_endian<uint32_t>(at + 60, header.snapshot_count);
  store_big_endian<uint64_t>(at + 64, header.snapshots_offset);
  if (header.version == 2)
    return bytes;
  store_big_endian<uint64_t>(at + 72, header.incompatible_features);
  store_big_endian<uint64_t>(at + 80, header.compatible_features);
  store_big_endian<uint64_t>(at + 88, header.autoclear_features);
  store_big_endian<uint32_t>(at + 96, header.geometry.refcount_order);
  store_big_endian<uint32_t>(at + 100, header.header_length);
  if (header.header_length > 104)
    at[104] = static_cast<std::byte>(header.compression);
  if (!header.later_fields.empty())
    std::memcpy(at + later_fields_offset, header.later_fields.data(), header.later_fields.size());
  return bytes;
}

Result<std::vector<std::byte>> serialize_header(Header& header) {
  const std::vector<std::byte> extensions = serialize_extensions(header.extensions);
  const size_t name_offset = header.header_length + extensions.size();
  const size_t size = name_offset + header.backing_name.size();
  if (size > header.geometry.cluster_size())
    return fail(std::errc::no_space_on_device,
                "the header with its extensions and the name of the backing file has " +
                    std::to_string(size) + " bytes, and a cluster " +
                    std::to_string(header.geometry.cluster_size()));
  header.backing_name_offset = header.backing_name.empty() ? 0 : name_offset;
  std::vector<std::byte> bytes = serialize_fixed_part(header);
  bytes.resize(size);
  std::ranges::copy(extensions, bytes.begin() + header.header_length);
  std::memcpy(bytes.data() + name_offset, header.backing_name.data(), header.backing_name.size());
  return bytes;
}

} // namespace lockvet::runtime::qcow2
