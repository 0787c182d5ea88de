// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory for the data of reads: aligned to pages, and kept for the next one unless it is large. A
// connection owns a pool, in its context's thread; buffers come back before it goes.

#ifndef LOCKVET_RUNTIME_EXPORT_NBD_DATA_BUFFER_H
#define LOCKVET_RUNTIME_EXPORT_NBD_DATA_BUFFER_H

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

namespace lockvet::runtime::nbd {

class DataBufferPool {
public:
  struct Free {
    void operator()(std::byte* memory) const noexcept { std::free(memory); }
  };
  using Memory = std::unique_ptr<std::byte, Free>;

  // Not initialised, or with what an earlier read of this connection has left. nullptr if there is
  // no memory.
  Memory take(size_t bytes);
  // With the size that it was taken with.
  void give(Memory memory, size_t bytes);

private:
  static constexpr size_t page_bytes = 4096;
  // Sizes of 1, 2, 4 ... 64 pages are kept, up to so many bytes.
  static constexpr size_t sizes = 7;
  static constexpr size_t most_kept_bytes = 2 * 1024 * 1024;

  // Its index and its bytes; an index that is too large has none.
  static std::pair<size_t, size_t> size_of(size_t bytes) noexcept;

  std::array<std::vector<Memory>, sizes> kept_;
  size_t kept_bytes_ = 0;
};

} // namespace lockvet::runtime::nbd

#endif // LOCKVET_RUNTIME_EXPORT_NBD_DATA_BUFFER_H
