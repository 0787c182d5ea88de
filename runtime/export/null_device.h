// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device that reads as zeroes and forgets what is written: what an export itself costs is seen
// with it. It has no state, and needs no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_NULL_DEVICE_H
#define LOCKVET_RUNTIME_EXPORT_NULL_DEVICE_H

#include "runtime/export/exported_device.h"

#include <cstring>

namespace lockvet::runtime {

class NullDevice : public ExportedDevice {
public:
  explicit NullDevice(uint64_t size) : size_(size) {}

  uint64_t size() const noexcept override { return size_; }

  std::error_code LV_COROUTINE_FN co_preadv(uint64_t, std::span<const iovec> to) override {
    for (const iovec& piece : to)
      std::memset(piece.iov_base, 0, piece.iov_len);
    return {};
  }
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t, std::span<const iovec>,
                                             WriteFlags) override {
    return {};
  }
  std::error_code LV_COROUTINE_FN co_flush() override { return {}; }
  std::error_code LV_COROUTINE_FN co_trim(uint64_t, uint64_t, WriteFlags) override { return {}; }
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t, uint64_t, WriteFlags) override {
    return {};
  }
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_block_status(uint64_t,
                                                                         uint64_t length) override {
    return Extent{.length = length, .hole = true, .zero = true};
  }

private:
  const uint64_t size_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_NULL_DEVICE_H
