// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tells once when something is written to a node beyond a place, so that who has a disk on a volume
// that grows can make that larger in time (QEMU's block-set-write-threshold). The node shares it
// with requests in any context; it is changed with the graph lock held for writing.

#ifndef LOCKVET_RUNTIME_GRAPH_WRITE_THRESHOLD_H
#define LOCKVET_RUNTIME_GRAPH_WRITE_THRESHOLD_H

#include <atomic>
#include <cstdint>
#include <functional>

namespace lockvet::runtime {

class WriteThreshold {
public:
  // Is told by how many bytes a write goes beyond it, in that write's thread, and does not wait.
  using Tell = std::function<void(uint64_t exceeded)>;

  // In bytes, and not 0.
  WriteThreshold(uint64_t limit, Tell tell) : limit_(limit), tell_(std::move(tell)) {}
  WriteThreshold(const WriteThreshold&) = delete;
  WriteThreshold& operator=(const WriteThreshold&) = delete;

  // 0 when it has told.
  uint64_t limit() const noexcept { return told_.load(std::memory_order_relaxed) ? 0 : limit_; }

  // Something is written up to there.
  void meet_write(uint64_t end) {
    if (end > limit_ && !told_.exchange(true, std::memory_order_relaxed)) [[unlikely]]
      tell_(end - limit_);
  }

private:
  const uint64_t limit_;
  const Tell tell_;
  std::atomic<bool> told_ = false;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_GRAPH_WRITE_THRESHOLD_H
