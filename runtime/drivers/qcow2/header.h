// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header of an image, versions 2 and 3: read, held against all that the specification demands
// of it, and written. Whoever opens an image owns it, and guards it if it changes; the functions
// here need no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_HEADER_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_HEADER_H

#include "runtime/drivers/qcow2/error.h"
#include "runtime/drivers/qcow2/features.h"
#include "runtime/drivers/qcow2/geometry.h"
#include "runtime/drivers/qcow2/header_extensions.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lockvet::runtime::qcow2 {

enum class Compression : uint8_t { deflate = 0, zstd = 1 };

struct Header {
  // Enough of a file to tell how large its first cluster is.
  static constexpr size_t least_bytes = 72;
  static constexpr uint32_t version_2_bytes = 72;
  static constexpr uint32_t version_3_bytes = 112;

  uint32_t version = 3;
  Geometry geometry;
  uint64_t size = 0;
  uint64_t l1_offset = 0;
  uint32_t l1_entries = 0;
  uint64_t refcount_table_offset = 0;
  uint32_t refcount_table_clusters = 0;
  uint64_t snapshots_offset = 0;
  uint32_t snapshot_count = 0;
  uint64_t incompatible_features = 0;
  uint64_t compatible_features = 0;
  uint64_t autoclear_features = 0;
  uint32_t header_length = version_3_bytes;
  Compression compression = Compression::deflate;
  // Fields that came after those known here, which are kept.
  std::vector<std::byte> later_fields;
  std::vector<HeaderExtension> extensions;
  uint64_t backing_name_offset = 0;
  // Empty if there is no backing file.
  std::string backing_name;

  bool has(uint64_t incompatible) const noexcept {
    return (incompatible_features & incompatible) != 0;
  }
  // Empty if the image does not say.
  std::string backing_format() const;
};

// Who repairs takes a header whose refcount table is not where it can be.
enum class HeaderUse { open, repair };

// The size of the first cluster, which has all of the header, from the first bytes of a file.
Result<uint64_t> first_cluster_size(std::span<const std::byte> start);

// `first_cluster` is as much of the first cluster as the file has.
Result<Header> parse_header(std::span<const std::byte> first_cluster, uint64_t file_size,
                            HeaderUse use = HeaderUse::open);

// What is wrong with the place of the refcount table; a part of parse_header() unless for repair.
Result<> validate_refcount_table(const Header& header, uint64_t file_size);

// The fixed part. All that ever changes of it is in the first `version_3_bytes`, and so in one
// sector, whose writing happens or does not.
std::vector<std::byte> serialize_fixed_part(const Header& header);

// The whole, and sets where in it the backing file's name stands. An error if a cluster is too
// small for it.
Result<std::vector<std::byte>> serialize_header(Header& header);

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_HEADER_H
