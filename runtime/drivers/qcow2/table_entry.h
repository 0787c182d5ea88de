// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the entries of L1 and L2 tables say, and how it is put into 64 bits. Values and functions
// without state; they need no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_TABLE_ENTRY_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_TABLE_ENTRY_H

#include "runtime/drivers/qcow2/geometry.h"

#include <cstdint>

namespace lockvet::runtime::qcow2 {

inline constexpr uint64_t entry_offset_mask = 0x00fffffffffffe00;
// What it points to has a reference count of exactly one, so that it can be written in place.
inline constexpr uint64_t entry_copied = uint64_t{1} << 63;
inline constexpr uint64_t entry_compressed = uint64_t{1} << 62;
inline constexpr uint64_t entry_zero = 1;
inline constexpr uint64_t l1_entry_reserved = ~(entry_offset_mask | entry_copied);
inline constexpr uint64_t compressed_sector = 512;

enum class ClusterKind : uint8_t {
  unallocated,    // reads come from the backing file
  zero,           // reads as zeroes
  zero_allocated, // the same, with a place for data
  data,
  compressed,
  invalid, // the entry breaks the format's rules
};

struct ClusterEntry {
  ClusterKind kind = ClusterKind::unallocated;
  bool copied = false;
  // Of a compressed cluster it is aligned to nothing.
  uint64_t host_offset = 0;
  // Of a compressed cluster: how many bytes at most are compressed data.
  uint64_t compressed_size = 0;
};

// Bits of a compressed cluster's descriptor that are its offset.
constexpr uint32_t compressed_offset_bits(const Geometry& geometry) noexcept {
  return 62 - (geometry.cluster_bits - 8);
}

constexpr ClusterEntry decode_l2_entry(uint64_t entry, const Geometry& geometry,
                                       uint32_t version) noexcept {
  ClusterEntry result;
  if ((entry & entry_compressed) != 0) {
    const uint32_t bits = compressed_offset_bits(geometry);
    const uint64_t descriptor = entry & (entry_compressed - 1);
    const uint64_t sectors = (descriptor >> bits) + 1;
    result.host_offset = descriptor & ((uint64_t{1} << bits) - 1);
    result.compressed_size = sectors * compressed_sector - result.host_offset % compressed_sector;
    const bool valid = (entry & entry_copied) == 0 && result.host_offset < most_host_bytes;
    result.kind = valid ? ClusterKind::compressed : ClusterKind::invalid;
    return result;
  }
  const uint64_t zero_flag = version >= 3 ? entry_zero : 0;
  const uint64_t reserved = ~(entry_offset_mask | entry_copied | zero_flag);
  result.host_offset = entry & entry_offset_mask;
  result.copied = (entry & entry_copied) != 0;
  if ((entry & reserved) != 0 || !geometry.is_aligned(result.host_offset) ||
      (result.host_offset == 0 && result.copied))
    result.kind = ClusterKind::invalid;
  else if ((entry & zero_flag) != 0)
    result.kind = result.host_offset == 0 ? ClusterKind::zero : ClusterKind::zero_allocated;
  else if (result.host_offset != 0)
    result.kind = ClusterKind::data;
  return result;
}

constexpr uint64_t encode_compressed(uint64_t host_offset, uint64_t size,
                                     const Geometry& geometry) noexcept {
  const uint64_t more_sectors =
      (host_offset + size - 1) / compressed_sector - host_offset / compressed_sector;
  return entry_compressed | more_sectors << compressed_offset_bits(geometry) | host_offset;
}

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_TABLE_ENTRY_H
