// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The host clusters that hold the image's own tables. Nothing that a guest writes may go there,
// whatever a damaged table or refcount says. An image owns it; its metadata lock guards it.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_RESERVED_CLUSTERS_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_RESERVED_CLUSTERS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lockvet::runtime::qcow2 {

enum class Structure : uint8_t {
  header,
  refcount_table,
  refcount_block,
  l1_table,
  l2_table,
  snapshot_table,
  snapshot_l1_table,
  bitmap,
};

const char* name_of(Structure structure) noexcept;

class ReservedClusters {
public:
  struct Overlap {
    uint64_t cluster;
    Structure left;
    Structure right;
  };

  // To be followed by finish() once all are there; then they are in order. Takes less time for many
  // than add().
  void collect(uint64_t first_cluster, uint64_t count, Structure structure);
  // Two structures in one cluster, if there are such.
  std::optional<Overlap> finish();

  void add(uint64_t first_cluster, uint64_t count, Structure structure);
  void remove(uint64_t first_cluster, uint64_t count);
  // The same for many, in any order.
  void remove(std::vector<uint64_t> clusters);
  // The first that is in the range, if any.
  std::optional<Structure> find(uint64_t first_cluster, uint64_t count) const noexcept;

private:
  // The number of a cluster above its structure: in order, and 8 bytes each for millions of them.
  static constexpr unsigned structure_bits = 8;
  static uint64_t pack(uint64_t cluster, Structure structure) noexcept {
    return cluster << structure_bits | static_cast<uint64_t>(structure);
  }

  std::vector<uint64_t> sorted_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_RESERVED_CLUSTERS_H
