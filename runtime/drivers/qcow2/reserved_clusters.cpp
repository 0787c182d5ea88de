// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/qcow2/reserved_clusters.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

const char* name_of(Structure structure) noexcept {
  switch (structure) {
  case Structure::header:
    return "the header";
  case Structure::refcount_table:
    return "the refcount table";
  case Structure::refcount_block:
    return "a refcount block";
  case Structure::l1_table:
    return "the L1 table";
  case Structure::l2_table:
    return "an L2 table";
  case Structure::snapshot_table:
    return "the snapshot table";
  case Structure::snapshot_l1_table:
    return "the L1 table of a snapshot";
  case Structure::bitmap:
    return "a bitmap";
  }
  return "";
}

void ReservedClusters::collect(uint64_t first_cluster, uint64_t count, Structure structure) {
  for (uint64_t cluster = first_cluster; cluster < first_cluster + count; ++cluster)
    sorted_.push_back(pack(cluster, structure));
}

std::optional<ReservedClusters::Overlap> ReservedClusters::finish() {
  std::ranges::sort(sorted_);
  const auto twice = std::ranges::adjacent_find(sorted_, [](uint64_t left, uint64_t right) {
    return left >> structure_bits == right >> structure_bits;
  });
  if (twice == sorted_.end())
    return std::nullopt;
  constexpr uint64_t mask = (1u << structure_bits) - 1;
  return Overlap{*twice >> structure_bits, static_cast<Structure>(*twice & mask),
                 static_cast<Structure>(twice[1] & mask)};
}

void ReservedClusters::add(uint64_t first_cluster, uint64_t count, Structure structure) {
  std::vector<uint64_t> added;
  for (uint64_t cluster = first_cluster; cluster < first_cluster + count; ++cluster)
    added.push_back(pack(cluster, structure));
  if (!added.empty())
    sorted_.insert(std::ranges::lower_bound(sorted_, added.front()), added.begin(), added.end());
}

void ReservedClusters::remove(uint64_t first_cluster, uint64_t count) {
  const auto begin = std::ranges::lower_bound(sorted_, first_cluster << structure_bits);
  const auto end = std::ranges::lower_bound(sorted_, (first_cluster + count) << structure_bits);
  sorted_.erase(begin, end);
}

void ReservedClusters::remove(std::vector<uint64_t> clusters) {
  std::ranges::sort(clusters);
  std::erase_if(sorted_, [&](uint64_t packed) {
    return std::ranges::binary_search(clusters, packed >> structure_bits);
  });
}

std::optional<Structure> ReservedClusters::find(uint64_t first_cluster,
                                                uint64_t count) const noexcept {
  const auto found = std::ranges::lower_bound(sorted_, first_cluster << structure_bits);
  if (found == sorted_.end() || *found >> structure_bits >= first_cluster + count)
    return std::nullopt;
  return static_cast<Structure>(*found & ((1u << structure_bits) - 1));
}

} // namespace lockvet::runtime::qcow2
