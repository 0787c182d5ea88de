// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The six limits of throttling, on bytes and requests a second, of reads, of writes and of both
// together, and the token buckets that hold requests to them. Values that a group owns and guards.

#ifndef LOCKVET_RUNTIME_DRIVERS_THROTTLE_LIMITS_H
#define LOCKVET_RUNTIME_DRIVERS_THROTTLE_LIMITS_H

#include "runtime/drivers/token_bucket.h"

#include <array>

namespace lockvet::runtime {

enum class ThrottleDirection : uint8_t { read, write };

struct ThrottleLimits {
  // Tokens are bytes.
  TokenBucket::Limit bytes = {};
  TokenBucket::Limit bytes_read = {};
  TokenBucket::Limit bytes_written = {};
  // Tokens are requests.
  TokenBucket::Limit requests = {};
  TokenBucket::Limit reads = {};
  TokenBucket::Limit writes = {};
};

class ThrottleBuckets {
public:
  void set_limits(const ThrottleLimits& limits, Clock::time_point now) {
    set(bytes_, {limits.bytes, limits.bytes_read, limits.bytes_written}, now);
    set(requests_, {limits.requests, limits.reads, limits.writes}, now);
  }

  bool limited() const noexcept {
    const auto is_limited = [](const TokenBucket& bucket) { return bucket.limited(); };
    return std::any_of(bytes_.begin(), bytes_.end(), is_limited) ||
           std::any_of(requests_.begin(), requests_.end(), is_limited);
  }

  // How long until a request may go.
  std::chrono::nanoseconds wait(ThrottleDirection direction, Clock::time_point now) {
    std::chrono::nanoseconds longest{};
    for (const size_t which : {both, own(direction)})
      longest = std::max({longest, bytes_.at(which).wait(now), requests_.at(which).wait(now)});
    return longest;
  }

  // One goes.
  void take(ThrottleDirection direction, uint64_t size, Clock::time_point now) {
    for (const size_t which : {both, own(direction)}) {
      bytes_.at(which).take(static_cast<double>(size), now);
      requests_.at(which).take(1, now);
    }
  }

private:
  // Of both directions together, of reads, and of writes.
  using Three = std::array<TokenBucket, 3>;
  static constexpr size_t both = 0;
  static constexpr size_t own(ThrottleDirection direction) {
    return direction == ThrottleDirection::read ? 1 : 2;
  }

  static void set(Three& buckets, const std::array<TokenBucket::Limit, 3>& limits,
                  Clock::time_point now) {
    for (size_t which = 0; which < buckets.size(); ++which)
      buckets.at(which).set_limit(limits.at(which), now);
  }

  Three bytes_;
  Three requests_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_THROTTLE_LIMITS_H
