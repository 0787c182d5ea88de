// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A count that every context changes all the time and that somebody reads now and then: each
// context, which is a thread, has a cell in a cache line of its own and changes it without atomic
// operations. Only the sum means something, since a coroutine may count up in one thread and down
// in another. It belongs to what it counts; any thread may use it.

#ifndef LOCKVET_RUNTIME_GRAPH_CONTEXT_COUNTER_H
#define LOCKVET_RUNTIME_GRAPH_CONTEXT_COUNTER_H

#include <array>
#include <atomic>
#include <cstdint>

namespace lockvet::runtime {

// Which cell is the calling thread's. Threads that are alive have different ones, except that all
// who come when they have run out share the last.
class ContextIndex {
public:
  static constexpr unsigned count = 64;
  static constexpr unsigned shared = count - 1;

  // Looks it up anew each time: between two calls a coroutine may have changed threads.
  [[gnu::noinline]] static unsigned here() noexcept;

private:
  static unsigned take() noexcept;
};

class ContextCounter {
public:
  ContextCounter() = default;
  ContextCounter(const ContextCounter&) = delete;
  ContextCounter& operator=(const ContextCounter&) = delete;

  // What the caller did before is seen by who finds the change in the sum.
  void add(int64_t change) noexcept {
    const unsigned index = ContextIndex::here();
    std::atomic<int64_t>& cell = cells_[index].value;
    if (index == ContextIndex::shared) [[unlikely]] {
      cell.fetch_add(change, std::memory_order_acq_rel);
      return;
    }
    // Nobody else writes it.
    cell.store(cell.load(std::memory_order_relaxed) + change, std::memory_order_release);
  }

  // While others only count down, it is never less than what is there at the end of the call: so
  // zero, once found, is true.
  int64_t sum() const noexcept;

private:
  struct alignas(64) Cell {
    std::atomic<int64_t> value = 0;
  };
  std::array<Cell, ContextIndex::count> cells_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_CONTEXT_COUNTER_H
