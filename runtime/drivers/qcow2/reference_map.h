// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How often each host cluster is referred to, and as what, as a check finds it. A check owns it;
// needs no lock. Takes memory for the parts of the file that are in use only.

#ifndef LOCKVET_RUNTIME_DRIVERS_QCOW2_REFERENCE_MAP_H
#define LOCKVET_RUNTIME_DRIVERS_QCOW2_REFERENCE_MAP_H

#include <array>
#include <cstdint>
#include <map>
#include <memory>

namespace lockvet::runtime::qcow2 {

enum class Use : uint8_t {
  none,
  header,
  refcount_table,
  refcount_block,
  l1_table,
  l2_table,
  snapshot_table,
  snapshot_l1_table,
  bitmap,
  data,
  compressed,
};

constexpr const char* name_of(Use use) noexcept {
  constexpr std::array names = {
      "nothing",      "the header",  "the refcount table", "a refcount block",
      "the L1 table", "an L2 table", "the snapshot table", "the L1 table of a snapshot",
      "a bitmap",     "guest data",  "compressed data"};
  return names[static_cast<size_t>(use)];
}

class ReferenceMap {
public:
  struct Cell {
    uint32_t count = 0;
    Use use = Use::none;
  };

  // Counts a reference. Returns what the cluster was referred to as before; that stays its use.
  Use add(uint64_t cluster, Use use) {
    Cell& cell = (*chunk(cluster / chunk_cells))[cluster % chunk_cells];
    const Use before = cell.use;
    if (before == Use::none)
      cell.use = use;
    // More than that nobody can count rightly, and it stays wrong.
    cell.count += cell.count != ~uint32_t{0};
    return before;
  }

  Cell at(uint64_t cluster) const {
    const auto found = chunks_.find(cluster / chunk_cells);
    return found == chunks_.end() ? Cell() : (*found->second)[cluster % chunk_cells];
  }

  // Calls `body` with each cluster that is referred to and its cell, in order.
  template <typename Body> void for_each(Body&& body) const {
    for (const auto& [number, cells] : chunks_)
      for (uint64_t index = 0; index < chunk_cells; ++index)
        if ((*cells)[index].count != 0)
          body(number * chunk_cells + index, (*cells)[index]);
  }

private:
  static constexpr uint64_t chunk_cells = 512;
  using Chunk = std::array<Cell, chunk_cells>;

  std::unique_ptr<Chunk>& chunk(uint64_t number) {
    std::unique_ptr<Chunk>& found = chunks_[number];
    if (found == nullptr)
      found = std::make_unique<Chunk>();
    return found;
  }

  std::map<uint64_t, std::unique_ptr<Chunk>> chunks_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_RUNTIME_DRIVERS_QCOW2_REFERENCE_MAP_H
