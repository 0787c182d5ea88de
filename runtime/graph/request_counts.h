// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many requests of each kind have come to a node, with how many bytes, and how many of them
// have failed. Each context counts in a cell of its own, in two stores without atomic operations;
// any thread may sum them up. It belongs to the node.

#ifndef LOCKVET_RUNTIME_GRAPH_REQUEST_COUNTS_H
#define LOCKVET_RUNTIME_GRAPH_REQUEST_COUNTS_H

#include "runtime/graph/context_counter.h"

namespace lockvet::runtime {

enum class RequestKind : uint8_t { read, write, flush, write_zeroes, discard };
inline constexpr size_t request_kinds = 5;

class RequestCounts {
public:
  struct Count {
    uint64_t requests = 0;
    // Of requests that succeeded.
    uint64_t bytes = 0;
    uint64_t errors = 0;
  };
  using Sum = std::array<Count, request_kinds>;

  RequestCounts() = default;
  RequestCounts(const RequestCounts&) = delete;
  RequestCounts& operator=(const RequestCounts&) = delete;

  void note(RequestKind kind, uint64_t bytes, bool failed) noexcept {
    const unsigned index = ContextIndex::here();
    Cell& cell = cells_[index];
    const auto number = static_cast<size_t>(kind);
    const bool is_shared = index == ContextIndex::shared;
    add(cell.requests[number], 1, is_shared);
    if (failed) [[unlikely]]
      add(cell.errors[number], 1, is_shared);
    else
      add(cell.bytes[number], bytes, is_shared);
  }

  Sum sum() const noexcept {
    Sum sum{};
    for (const Cell& cell : cells_) {
      for (size_t kind = 0; kind < request_kinds; ++kind) {
        sum[kind].requests += cell.requests[kind].load(std::memory_order_relaxed);
        sum[kind].bytes += cell.bytes[kind].load(std::memory_order_relaxed);
        sum[kind].errors += cell.errors[kind].load(std::memory_order_relaxed);
      }
    }
    return sum;
  }

  // One of a cell's numbers, which nobody else writes unless the cell is that of many.
  static void add(std::atomic<uint64_t>& number, uint64_t more, bool is_shared) noexcept {
    if (is_shared) [[unlikely]]
      number.fetch_add(more, std::memory_order_relaxed);
    else
      number.store(number.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }

private:
  using Numbers = std::array<std::atomic<uint64_t>, request_kinds>;
  struct alignas(64) Cell {
    Numbers requests = {};
    Numbers bytes = {};
    Numbers errors = {};
  };
  std::array<Cell, ContextIndex::count> cells_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_REQUEST_COUNTS_H
