// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/nbd/data_buffer.h"

#include <bit>

namespace lockvet::runtime::nbd {

std::pair<size_t, size_t> DataBufferPool::size_of(size_t bytes) noexcept {
  const size_t pages = std::bit_ceil((bytes + page_bytes - 1) / page_bytes);
  return {static_cast<size_t>(std::countr_zero(pages)), pages * page_bytes};
}

DataBufferPool::Memory DataBufferPool::take(size_t bytes) {
  const auto [index, rounded] = size_of(bytes);
  if (index < sizes && !kept_[index].empty()) {
    Memory memory = std::move(kept_[index].back());
    kept_[index].pop_back();
    kept_bytes_ -= rounded;
    return memory;
  }
  return Memory(static_cast<std::byte*>(std::aligned_alloc(page_bytes, rounded)));
}

void DataBufferPool::give(Memory memory, size_t bytes) {
  const auto [index, rounded] = size_of(bytes);
  if (index >= sizes || kept_bytes_ + rounded > most_kept_bytes)
    return;
  kept_bytes_ += rounded;
  kept_[index].push_back(std::move(memory));
}

} // namespace lockvet::runtime::nbd
