// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A token bucket: something may happen as often as there are tokens, which come at a rate, and of
// which no more than a burst are kept. What takes more than there are leaves a debt, so that large
// things happen whole. A value that its owner guards; it is told what time it is.

#ifndef LOCKVET_RUNTIME_DRIVERS_TOKEN_BUCKET_H
#define LOCKVET_RUNTIME_DRIVERS_TOKEN_BUCKET_H

#include "runtime/aio/poller.h"

#include <algorithm>
#include <cmath>

namespace lockvet::runtime {

class TokenBucket {
public:
  struct Limit {
    // Tokens a second; no limit if it is zero.
    double rate = 0;
    // Tokens that are kept; as many as come in a tenth of a second if it is zero.
    double burst = 0;
  };

  bool limited() const noexcept { return limit_.rate > 0; }

  // What there is stays, as far as it can be kept. A bucket that had no limit is full.
  void set_limit(Limit limit, Clock::time_point now) {
    const bool was_limited = limited();
    if (was_limited)
      fill(now);
    limit_ = limit;
    if (limit_.burst == 0)
      limit_.burst = limit_.rate / 10;
    // Less than one token would never do.
    limit_.burst = std::max(limit_.burst, 1.0);
    tokens_ = was_limited ? std::min(tokens_, limit_.burst) : limit_.burst;
    filled_at_ = now;
  }

  // How long until there is a token.
  std::chrono::nanoseconds wait(Clock::time_point now) {
    if (!limited())
      return {};
    fill(now);
    if (tokens_ >= 1)
      return {};
    // Long enough for every rate, and short enough for the clock.
    const double seconds = std::min((1 - tokens_) / limit_.rate, 1e6);
    return std::chrono::nanoseconds(static_cast<int64_t>(std::ceil(seconds * 1e9)));
  }

  void take(double tokens, Clock::time_point now) {
    if (!limited())
      return;
    fill(now);
    tokens_ -= tokens;
  }

private:
  void fill(Clock::time_point now) {
    const std::chrono::duration<double> passed = now - filled_at_;
    // Threads read the clock before they take turns.
    if (passed <= std::chrono::duration<double>::zero())
      return;
    tokens_ = std::min(tokens_ + passed.count() * limit_.rate, limit_.burst);
    filled_at_ = now;
  }

  Limit limit_;
  double tokens_ = 0;
  Clock::time_point filled_at_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_TOKEN_BUCKET_H
