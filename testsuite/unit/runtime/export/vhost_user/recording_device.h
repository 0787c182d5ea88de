// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device of memory for tests that counts what is asked of it, and can grow. The test owns it; any
// thread may use it.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_VHOST_USER_RECORDING_DEVICE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_VHOST_USER_RECORDING_DEVICE_H

#include "runtime/export/memory_device.h"

#include <atomic>

namespace lockvet::runtime {

class RecordingDevice final : public ExportedDevice {
public:
  explicit RecordingDevice(uint64_t size, BlockSizes sizes = {})
      : memory_(std::move(*MemoryDevice::create(most_bytes))), sizes_(sizes), next_size_(size) {}

  std::atomic<unsigned> flushes = 0;
  std::atomic<unsigned> stable_writes = 0;
  std::atomic<unsigned> writes = 0;
  std::atomic<unsigned> trims = 0;
  std::atomic<unsigned> zeroes = 0;
  std::atomic<unsigned> unmapping_zeroes = 0;

  // From the next co_update_size() on.
  void resize(uint64_t size) { next_size_ = size; }

  uint64_t size() const noexcept override { return size_; }
  void LV_COROUTINE_FN co_update_size() override { size_ = next_size_.load(); }
  BlockSizes block_sizes() const noexcept override { return sizes_; }

  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, std::span<const iovec> to) override {
    return memory_->co_preadv(offset, to);
  }
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, std::span<const iovec> from,
                                             WriteFlags flags) override {
    ++writes;
    count(flags);
    return memory_->co_pwritev(offset, from, flags);
  }
  std::error_code LV_COROUTINE_FN co_flush() override {
    ++flushes;
    return {};
  }
  std::error_code LV_COROUTINE_FN co_trim(uint64_t offset, uint64_t length,
                                          WriteFlags flags) override {
    ++trims;
    count(flags);
    return memory_->co_trim(offset, length, flags);
  }
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t length,
                                                  WriteFlags flags) override {
    ++zeroes;
    unmapping_zeroes += flags.may_unmap ? 1 : 0;
    count(flags);
    return memory_->co_write_zeroes(offset, length, flags);
  }
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_block_status(uint64_t offset,
                                                                         uint64_t length) override {
    return memory_->co_block_status(offset, length);
  }

private:
  static constexpr uint64_t most_bytes = 64 << 20;

  void count(WriteFlags flags) { stable_writes += flags.force_unit_access ? 1 : 0; }

  std::unique_ptr<MemoryDevice> memory_;
  const BlockSizes sizes_;
  std::atomic<uint64_t> size_ = 0;
  std::atomic<uint64_t> next_size_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_VHOST_USER_RECORDING_DEVICE_H
