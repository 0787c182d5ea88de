// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device of zeroed memory, for tests and for trying things out. Whoever made it owns it; requests
// come from any thread and hold one of a few locks for as long as a copy takes.

#ifndef LOCKVET_RUNTIME_EXPORT_MEMORY_DEVICE_H
#define LOCKVET_RUNTIME_EXPORT_MEMORY_DEVICE_H

#include "runtime/coroutine/thread_mutex.h"
#include "runtime/export/exported_device.h"

#include <array>
#include <cstddef>
#include <memory>

namespace lockvet::runtime {

class MemoryDevice : public ExportedDevice {
public:
  // An error if there is no room for it. Pages that were never written take none.
  static std::expected<std::unique_ptr<MemoryDevice>, std::error_code> create(uint64_t size);
  ~MemoryDevice() override;

  uint64_t size() const noexcept override { return size_; }

  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, std::span<const iovec> to) override;
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, std::span<const iovec> from,
                                             WriteFlags flags) override;
  std::error_code LV_COROUTINE_FN co_flush() override { return {}; }
  std::error_code LV_COROUTINE_FN co_trim(uint64_t offset, uint64_t length,
                                          WriteFlags flags) override;
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t length,
                                                  WriteFlags flags) override;
  // Each page, as to whether there are only zeroes in it.
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_block_status(uint64_t offset,
                                                                         uint64_t length) override;

private:
  MemoryDevice(std::byte* memory, uint64_t size) : memory_(memory), size_(size) {}

  // Calls `body` with each part of the range that one lock guards, while that is held.
  template <typename Body> void for_each_part(uint64_t offset, uint64_t length, Body&& body);

  static constexpr uint64_t part_bytes = 64 * 1024;

  std::byte* const memory_;
  const uint64_t size_;
  std::array<ThreadMutex, 64> mutexes_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_MEMORY_DEVICE_H
