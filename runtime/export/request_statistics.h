// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What has become of an export's requests: how many of each kind, with how many bytes, how many
// failed, and how long they took, in buckets of powers of two. Each context counts in a cell of its
// own, made when it comes first; any thread may sum them up. It belongs to a MeasuredDevice.

#ifndef LOCKVET_RUNTIME_EXPORT_REQUEST_STATISTICS_H
#define LOCKVET_RUNTIME_EXPORT_REQUEST_STATISTICS_H

#include "runtime/graph/request_counts.h"

#include <bit>
#include <chrono>

namespace lockvet::runtime {

class RequestStatistics {
public:
  // Bucket n has what took less than 1024 << n nanoseconds, and the last all that is left.
  static constexpr size_t buckets = 26;
  static constexpr unsigned first_shift = 10;
  static constexpr std::chrono::nanoseconds limit_of(size_t bucket) noexcept {
    return std::chrono::nanoseconds(uint64_t{1} << (first_shift + bucket));
  }
  static constexpr size_t bucket_of(std::chrono::nanoseconds time) noexcept {
    const auto width = static_cast<size_t>(std::bit_width(static_cast<uint64_t>(time.count())));
    return std::min(width < first_shift ? 0 : width - first_shift, buckets - 1);
  }

  struct Kind {
    uint64_t requests = 0;
    // Of requests that succeeded.
    uint64_t bytes = 0;
    uint64_t errors = 0;
    std::chrono::nanoseconds time{};
    std::array<uint64_t, buckets> latencies = {};
  };
  using Sum = std::array<Kind, request_kinds>;

  RequestStatistics() = default;
  RequestStatistics(const RequestStatistics&) = delete;
  RequestStatistics& operator=(const RequestStatistics&) = delete;
  ~RequestStatistics();

  void note(RequestKind kind, uint64_t bytes, bool failed, std::chrono::nanoseconds time) noexcept;
  Sum sum() const noexcept;
  // Of all kinds, that the context with this ContextIndex has served.
  uint64_t requests_of(unsigned index) const noexcept;

private:
  using Number = std::atomic<uint64_t>;
  struct Numbers {
    Number requests = 0;
    Number bytes = 0;
    Number errors = 0;
    Number nanoseconds = 0;
    std::array<Number, buckets> latencies = {};
  };
  using Cell = std::array<Numbers, request_kinds>;

  Cell& cell(unsigned index) noexcept;

  std::array<std::atomic<Cell*>, ContextIndex::count> cells_ = {};
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_REQUEST_STATISTICS_H
