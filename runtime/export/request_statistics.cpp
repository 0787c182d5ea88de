// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/request_statistics.h"

#include <memory>

namespace lockvet::runtime {

RequestStatistics::~RequestStatistics() {
  for (const auto& cell : cells_)
    delete cell.load(std::memory_order_acquire);
}

RequestStatistics::Cell& RequestStatistics::cell(unsigned index) noexcept {
  Cell* found = cells_[index].load(std::memory_order_acquire);
  if (found != nullptr) [[likely]]
    return *found;
  auto made = std::make_unique<Cell>();
  // Of those who share the last index, one is first.
  if (!cells_[index].compare_exchange_strong(found, made.get(), std::memory_order_acq_rel))
    return *found;
  return *made.release();
}

void RequestStatistics::note(RequestKind kind, uint64_t bytes, bool failed,
                             std::chrono::nanoseconds time) noexcept {
  const unsigned index = ContextIndex::here();
  const bool is_shared = index == ContextIndex::shared;
  Numbers& numbers = cell(index)[static_cast<size_t>(kind)];
  RequestCounts::add(numbers.requests, 1, is_shared);
  if (failed)
    RequestCounts::add(numbers.errors, 1, is_shared);
  else
    RequestCounts::add(numbers.bytes, bytes, is_shared);
  RequestCounts::add(numbers.nanoseconds, static_cast<uint64_t>(time.count()), is_shared);
  RequestCounts::add(numbers.latencies[bucket_of(time)], 1, is_shared);
}

RequestStatistics::Sum RequestStatistics::sum() const noexcept {
  Sum sum{};
  for (const auto& one : cells_) {
    const Cell* const cell = one.load(std::memory_order_acquire);
    if (cell == nullptr)
      continue;
    for (size_t number = 0; number < request_kinds; ++number) {
      Kind& kind = sum[number];
      const Numbers& numbers = (*cell)[number];
      kind.requests += numbers.requests.load(std::memory_order_relaxed);
      kind.bytes += numbers.bytes.load(std::memory_order_relaxed);
      kind.errors += numbers.errors.load(std::memory_order_relaxed);
      kind.time += std::chrono::nanoseconds(numbers.nanoseconds.load(std::memory_order_relaxed));
      for (size_t bucket = 0; bucket < buckets; ++bucket)
        kind.latencies[bucket] += numbers.latencies[bucket].load(std::memory_order_relaxed);
    }
  }
  return sum;
}

uint64_t RequestStatistics::requests_of(unsigned index) const noexcept {
  const Cell* const cell = cells_[index].load(std::memory_order_acquire);
  uint64_t requests = 0;
  if (cell != nullptr)
    for (const Numbers& numbers : *cell)
      requests += numbers.requests.load(std::memory_order_relaxed);
  return requests;
}

} // namespace lockvet::runtime
