// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "latencies.h"

#include <algorithm>
#include <bit>

namespace graph_stress {

unsigned Latencies::bucket_of(uint64_t time) {
  constexpr uint64_t parts = uint64_t{1} << parts_bits;
  if (time < parts)
    return static_cast<unsigned>(time);
  const auto shift = static_cast<unsigned>(std::bit_width(time)) - 1 - parts_bits;
  return (shift << parts_bits) + static_cast<unsigned>(time >> shift);
}

uint64_t Latencies::end_of(unsigned bucket) {
  constexpr uint64_t parts = uint64_t{1} << parts_bits;
  if (bucket < 2 * parts)
    return bucket;
  const unsigned shift = (bucket >> parts_bits) - 1;
  return ((bucket % parts + parts + 1) << shift) - 1;
}

void Latencies::note(Time time) {
  ++buckets_[bucket_of(static_cast<uint64_t>(std::max(time, Time::zero()).count()))];
  ++count_;
  longest_ = std::max(longest_, time);
}

void Latencies::add(const Latencies& other) {
  for (size_t bucket = 0; bucket < buckets_.size(); ++bucket)
    buckets_[bucket] += other.buckets_[bucket];
  count_ += other.count_;
  longest_ = std::max(longest_, other.longest_);
}

Latencies::Time Latencies::percentile(double percent) const {
  const double wanted = percent / 100 * static_cast<double>(count_);
  uint64_t found = 0;
  for (unsigned bucket = 0; bucket < buckets_.size(); ++bucket) {
    found += buckets_[bucket];
    if (found > 0 && static_cast<double>(found) >= wanted)
      return std::min(longest_, Time(static_cast<int64_t>(end_of(bucket))));
  }
  return longest_;
}

double part_of_longer(const std::vector<Latencies::Time>& first,
                      const std::vector<Latencies::Time>& second) {
  double longer = 0;
  for (const auto one : first)
    for (const auto other : second)
      longer += one < other ? 1 : (one == other ? 0.5 : 0);
  return longer / static_cast<double>(first.size() * second.size());
}

} // namespace graph_stress
