// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How long many things took: counts in buckets that are at most a sixteenth of their time wide, so
// that any number of times needs the same memory. Each worker has one of its own, without a lock;
// they are added up at the end.

#ifndef LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_GRAPH_STRESS_LATENCIES_H
#define LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_GRAPH_STRESS_LATENCIES_H

#include <chrono>
#include <cstdint>
#include <vector>

namespace graph_stress {

class Latencies {
public:
  using Time = std::chrono::nanoseconds;

  void note(Time time);
  void add(const Latencies& other);

  uint64_t count() const { return count_; }
  Time longest() const { return longest_; }
  // As many of a hundred are not longer; the upper end of the bucket. Zero if there is none.
  Time percentile(double percent) const;

private:
  // Powers of two from 1 to 2^63 ns, each in sixteen parts.
  static constexpr unsigned parts_bits = 4;
  static unsigned bucket_of(uint64_t time);
  static uint64_t end_of(unsigned bucket);

  std::vector<uint64_t> buckets_ = std::vector<uint64_t>((64 - parts_bits + 1) << parts_bits);
  uint64_t count_ = 0;
  Time longest_ = Time::zero();
};

// Which part of all pairs of one of each has the second one longer; ties count half. A half says
// that one can't be told from the other; see Mann and Whitney, "On a test of whether one of two
// random variables is stochastically larger than the other", 1947.
double part_of_longer(const std::vector<Latencies::Time>& first,
                      const std::vector<Latencies::Time>& second);

} // namespace graph_stress

#endif // LOCKVET_TESTSUITE_BENCHMARKS_RUNTIME_GRAPH_STRESS_LATENCIES_H
