// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/graph/asymmetric_fence.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lockvet::runtime {

namespace {

bool membarrier(int command) noexcept {
  return syscall(SYS_membarrier, command, 0, 0) == 0;
}

} // namespace

// Full until the program's initialisation has registered, so that it is right before that, too.
alignas(64) constinit std::atomic<bool> AsymmetricFence::full_ = true;

namespace {

[[maybe_unused]] const bool registered = [] {
  AsymmetricFence::set_full(false);
  return true;
}();

} // namespace

void AsymmetricFence::set_full(bool full) noexcept {
  full_.store(full || !membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED));
}

void AsymmetricFence::heavy() noexcept {
  // Its own thread passes a full fence as well.
  if (full() || !membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

} // namespace lockvet::runtime
