// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A disk of the block graph as a device to export: a BlockBackend, which leads to a node. Whoever
// made it owns it, and keeps the backend longer. Requests come from any context; they wait while
// the disk is drained, and go to whatever node it leads to then, wherever that has its home.

#ifndef LOCKVET_RUNTIME_EXPORT_BACKEND_DEVICE_H
#define LOCKVET_RUNTIME_EXPORT_BACKEND_DEVICE_H

#include "runtime/export/exported_device.h"
#include "runtime/graph/block_backend.h"

#include <atomic>

namespace lockvet::runtime {

class BackendDevice final : public ExportedDevice {
public:
  // The backend has the permission to write unless it is read only.
  BackendDevice(BlockBackend& backend, bool read_only) : backend_(backend), read_only_(read_only) {}

  uint64_t size() const noexcept override { return size_.load(std::memory_order_relaxed); }
  void LV_COROUTINE_FN co_update_size() override;
  bool read_only() const noexcept override { return read_only_; }

  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, std::span<const iovec> to) override;
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, std::span<const iovec> from,
                                             WriteFlags flags) override;
  std::error_code LV_COROUTINE_FN co_flush() override;
  std::error_code LV_COROUTINE_FN co_trim(uint64_t offset, uint64_t length,
                                          WriteFlags flags) override;
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t length,
                                                  WriteFlags flags) override;
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_block_status(uint64_t offset,
                                                                         uint64_t length) override;

private:
  BlockBackend& backend_;
  const bool read_only_;
  std::atomic<uint64_t> size_ = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_BACKEND_DEVICE_H
