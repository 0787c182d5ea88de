// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/create.h"

#include "runtime/drivers/qcow2/byte_order.h"
#include "runtime/drivers/qcow2/refcount_array.h"

namespace lockvet::runtime::qcow2 {

namespace {

// A new image: the header, the refcount table, its blocks and the L1 table, in this order.
struct Layout {
  uint64_t table_clusters = 1;
  uint64_t blocks = 1;
  uint64_t l1_clusters = 0;

  uint64_t clusters() const { return 1 + table_clusters + blocks + l1_clusters; }
};

Layout layout_of(const Geometry& geometry, uint64_t l1_entries) {
  Layout layout;
  layout.l1_clusters = geometry.clusters(l1_entries * 8);
  // Blocks count themselves, so that more of them may make more of them.
  while (true) {
    const uint64_t blocks = divide_up(layout.clusters(), geometry.refcount_block_entries());
    const uint64_t table_clusters = geometry.clusters(blocks * 8);
    if (blocks == layout.blocks && table_clusters == layout.table_clusters)
      return layout;
    layout.blocks = blocks;
    layout.table_clusters = table_clusters;
  }
}

Result<Header> header_for(const CreateOptions& options) {
  if (options.version != 2 && options.version != 3)
    return malformed("version " + std::to_string(options.version) + " is not 2 or 3");
  if (options.cluster_bits < least_cluster_bits || options.cluster_bits > most_cluster_bits)
    return malformed("cluster_bits " + std::to_string(options.cluster_bits) + " is not " +
                     std::to_string(least_cluster_bits) + " to " +
                     std::to_string(most_cluster_bits));
  if (options.refcount_order > most_refcount_order)
    return malformed("refcount_order " + std::to_string(options.refcount_order) + " is above " +
                     std::to_string(most_refcount_order));
  if (options.version == 2 && options.refcount_order != 4)
    return malformed("version 2 has refcount_order 4, and not " +
                     std::to_string(options.refcount_order));
  if (options.version == 2 && options.compression != Compression::deflate)
    return malformed("version 2 has no compression but deflate");
  const std::string backing_name = options.backing_name.value_or(std::string());
  if (backing_name.size() > most_backing_name_bytes)
    return malformed("the name of the backing file has " + std::to_string(backing_name.size()) +
                     " bytes; " + std::to_string(most_backing_name_bytes) + " is the limit");
  Header header;
  header.version = options.version;
  header.header_length = options.version == 2 ? Header::version_2_bytes : Header::version_3_bytes;
  header.geometry = {options.cluster_bits, options.refcount_order};
  header.size = options.size;
  header.compression = options.compression;
  if (options.compression != Compression::deflate)
    header.incompatible_features |= feature_compression_type;
  header.backing_name = backing_name;
  if (options.backing_format)
    header.extensions.push_back(
        string_extension(HeaderExtension::backing_format, *options.backing_format));
  const uint64_t l1_entries = header.geometry.l1_entries_for(options.size);
  if (l1_entries > most_l1_bytes / 8)
    return malformed("a disk of " + std::to_string(options.size) + " bytes needs an L1 table of " +
                     std::to_string(l1_entries) + " entries; " + std::to_string(most_l1_bytes / 8) +
                     " is the limit with clusters of " +
                     std::to_string(header.geometry.cluster_size()) + " bytes");
  header.l1_entries = static_cast<uint32_t>(l1_entries);
  const Layout layout = layout_of(header.geometry, l1_entries);
  header.refcount_table_offset = header.geometry.cluster_size();
  header.refcount_table_clusters = static_cast<uint32_t>(layout.table_clusters);
  header.l1_offset = (1 + layout.table_clusters + layout.blocks) << options.cluster_bits;
  return header;
}

std::error_code LV_COROUTINE_FN co_write_tables(ImageFile& file, const Header& header) {
  const Geometry& geometry = header.geometry;
  const Layout layout = layout_of(geometry, header.l1_entries);
  const uint64_t first_block = 1 + layout.table_clusters;
  std::vector<std::byte> table(layout.table_clusters << geometry.cluster_bits);
  for (uint64_t number = 0; number < layout.blocks; ++number)
    store_big_endian<uint64_t>(table.data() + number * 8, (first_block + number)
                                                              << geometry.cluster_bits);
  if (const auto error = file.co_write(header.refcount_table_offset, table))
    return error;
  const uint64_t entries = geometry.refcount_block_entries();
  for (uint64_t number = 0; number < layout.blocks; ++number) {
    std::vector<std::byte> block(geometry.cluster_size());
    for (uint64_t index = 0; index < entries; ++index)
      if (number * entries + index < layout.clusters())
        store_refcount(block.data(), index, geometry.refcount_order, 1);
    if (const auto error = file.co_write((first_block + number) << geometry.cluster_bits, block))
      return error;
  }
  const std::vector<std::byte> l1(layout.l1_clusters << geometry.cluster_bits);
  return l1.empty() ? std::error_code() : file.co_write(header.l1_offset, l1);
}

} // namespace

Result<> co_create(ImageFile& file, const CreateOptions& options) {
  auto header = header_for(options);
  if (!header)
    return std::unexpected(header.error());
  auto bytes = serialize_header(*header);
  if (!bytes)
    return std::unexpected(bytes.error());
  // The names help those who do not know the features; where there is no room they are left out.
  if (options.version >= 3) {
    Header named = *header;
    named.extensions.push_back(
        {HeaderExtension::feature_names, serialize_feature_names(known_feature_names())});
    if (auto with_names = serialize_header(named))
      bytes = std::move(with_names);
  }
  if (const auto error = file.co_truncate(0))
    return failed_while("emptying the file", error);
  if (const auto error = co_write_tables(file, *header))
    return failed_while("writing the tables", error);
  if (const auto error = file.co_flush())
    return failed_while("flushing the tables", error);
  bytes->resize(header->geometry.cluster_size());
  if (const auto error = file.co_write(0, *bytes))
    return failed_while("writing the header", error);
  if (const auto error = file.co_flush())
    return failed_while("flushing the header", error);
  return {};
}

} // namespace lockvet::runtime::qcow2
