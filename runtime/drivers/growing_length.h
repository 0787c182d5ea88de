// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The length of a disk that writes beyond its end make longer, in bytes. It belongs to a driver;
// any thread may use it, and reading it costs nothing, as before each request.

#ifndef LOCKVET_RUNTIME_DRIVERS_GROWING_LENGTH_H
#define LOCKVET_RUNTIME_DRIVERS_GROWING_LENGTH_H

#include <atomic>
#include <cstdint>

namespace lockvet::runtime {

class GrowingLength {
public:
  explicit GrowingLength(uint64_t length) : length_(length) {}

  uint64_t get() const noexcept { return length_.load(std::memory_order_relaxed); }
  void set(uint64_t length) noexcept { length_.store(length, std::memory_order_relaxed); }

  // It is at least that.
  void grow_to(uint64_t end) noexcept {
    uint64_t length = get();
    while (end > length && !length_.compare_exchange_weak(length, end))
      continue;
  }

private:
  std::atomic<uint64_t> length_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_GROWING_LENGTH_H
