// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two fences of which one is nearly free. Where one side is run all the time and the other one
// seldom, the frequent side takes the light fence, which only the compiler sees, and the rare side
// the heavy one, which makes every other thread of the process pass a full fence (membarrier(2)).
// Needs no lock, and belongs to nobody.

#ifndef LOCKVET_RUNTIME_GRAPH_ASYMMETRIC_FENCE_H
#define LOCKVET_RUNTIME_GRAPH_ASYMMETRIC_FENCE_H

#include <atomic>

namespace lockvet::runtime {

// The hand-shake that it is for: one thread stores x, passes light(), and loads y, while another
// stores y, passes heavy(), and loads x. One of them at least sees the other's store.
class AsymmetricFence {
public:
  static void light() noexcept {
    if (full_.load(std::memory_order_relaxed)) [[unlikely]]
      std::atomic_thread_fence(std::memory_order_seq_cst);
    else
      std::atomic_signal_fence(std::memory_order_seq_cst);
  }

  static void heavy() noexcept;

  // Whether both are full fences, since the kernel has no membarrier(2) or forbids it.
  static bool full() noexcept { return full_.load(std::memory_order_relaxed); }

  // For tests: full fences from now on, or membarrier(2) again where there is one. No other thread
  // may be between its fence and its load.
  static void set_full(bool full) noexcept;

private:
  // Read by all and written before they start; alone in its line so that it stays in their caches.
  alignas(64) static std::atomic<bool> full_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_ASYMMETRIC_FENCE_H
