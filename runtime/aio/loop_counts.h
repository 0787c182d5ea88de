// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an event loop has done since it began, for statistics. The loop owns it and counts in its
// home thread; any thread may look.

#ifndef LOCKVET_RUNTIME_AIO_LOOP_COUNTS_H
#define LOCKVET_RUNTIME_AIO_LOOP_COUNTS_H

#include <atomic>
#include <cstdint>

namespace lockvet::runtime {

class LoopCount {
public:
  // In the home thread.
  void add_one() noexcept {
    number_.store(number_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  uint64_t get() const noexcept { return number_.load(std::memory_order_relaxed); }

private:
  std::atomic<uint64_t> number_ = 0;
};

struct LoopCounts {
  LoopCount turns;
  // There was nothing to do, and something came while it looked for it; or it had to sleep.
  LoopCount polls;
  LoopCount sleeps;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_AIO_LOOP_COUNTS_H
