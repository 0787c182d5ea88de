// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sizes that follow from the header's size of a cluster and width of a refcount, and the limits
// that this implementation sets to what a header may ask for. A value; needs no lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_GEOMETRY_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_GEOMETRY_H

#include <cstdint>

namespace lockvet::runtime::qcow2 {

inline constexpr uint32_t least_cluster_bits = 9;
inline constexpr uint32_t most_cluster_bits = 21;
inline constexpr uint32_t most_refcount_order = 6;
// Tables that are kept in memory as a whole.
inline constexpr uint64_t most_l1_bytes = uint64_t{32} << 20;
inline constexpr uint64_t most_refcount_table_bytes = uint64_t{8} << 20;
inline constexpr uint32_t most_snapshots = 65536;
inline constexpr uint32_t most_backing_name_bytes = 1023;
// Tables point to clusters below this.
inline constexpr uint64_t most_host_bytes = uint64_t{1} << 56;

constexpr uint64_t round_up(uint64_t number, uint64_t unit) noexcept {
  return (number + unit - 1) / unit * unit;
}
constexpr uint64_t divide_up(uint64_t number, uint64_t unit) noexcept {
  return number / unit + (number % unit != 0);
}

struct Geometry {
  uint32_t cluster_bits = 16;
  uint32_t refcount_order = 4;

  constexpr uint64_t cluster_size() const noexcept { return uint64_t{1} << cluster_bits; }
  constexpr uint64_t offset_in_cluster(uint64_t offset) const noexcept {
    return offset & (cluster_size() - 1);
  }
  constexpr uint64_t cluster_start(uint64_t offset) const noexcept {
    return offset & ~(cluster_size() - 1);
  }
  constexpr bool is_aligned(uint64_t offset) const noexcept {
    return offset_in_cluster(offset) == 0;
  }
  constexpr uint64_t clusters(uint64_t bytes) const noexcept {
    return (bytes >> cluster_bits) + (offset_in_cluster(bytes) != 0);
  }

  constexpr uint32_t l2_bits() const noexcept { return cluster_bits - 3; }
  constexpr uint64_t l2_entries() const noexcept { return uint64_t{1} << l2_bits(); }
  constexpr uint64_t l1_index(uint64_t offset) const noexcept {
    return offset >> (cluster_bits + l2_bits());
  }
  constexpr uint64_t l2_index(uint64_t offset) const noexcept {
    return (offset >> cluster_bits) & (l2_entries() - 1);
  }
  // Guest bytes that one L2 table describes.
  constexpr uint64_t bytes_per_l2() const noexcept {
    return uint64_t{1} << (cluster_bits + l2_bits());
  }
  constexpr uint64_t l1_entries_for(uint64_t size) const noexcept {
    return divide_up(size, bytes_per_l2());
  }

  constexpr uint64_t refcount_bits() const noexcept { return uint64_t{1} << refcount_order; }
  constexpr uint64_t most_refcount() const noexcept {
    return refcount_order == 6 ? ~uint64_t{0} : (uint64_t{1} << refcount_bits()) - 1;
  }
  // Clusters that one refcount block counts.
  constexpr uint64_t refcount_block_entries() const noexcept {
    return uint64_t{1} << (cluster_bits + 3 - refcount_order);
  }
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_GEOMETRY_H
