// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device for tests whose requests wait until the test lets them go, and fail if it says so. The
// test owns it; its thread and those of the server use it at once, under its mutex.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_GATED_DEVICE_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_GATED_DEVICE_H

#include "runtime/coroutine/co_queue.h"
#include "runtime/export/exported_device.h"

#include <cstring>

namespace lockvet::runtime {

class GatedDevice final : public ExportedDevice {
public:
  explicit GatedDevice(bool open) : open_(open) {}

  void open() {
    ThreadLock lock(mutex_);
    open_ = true;
    opened_.wake_all();
  }
  // Of every request from now on.
  void fail(std::error_code error) {
    ThreadLock lock(mutex_);
    error_ = error;
  }
  // Until so many requests have come altogether.
  void wait_for(unsigned requests) {
    ThreadLock lock(mutex_);
    while (come_ < requests)
      came_.wait(mutex_);
  }
  unsigned come() {
    ThreadLock lock(mutex_);
    return come_;
  }
  WriteFlags last_flags() {
    ThreadLock lock(mutex_);
    return last_flags_;
  }

  uint64_t size() const noexcept override { return uint64_t{1} << 40; }

  std::error_code LV_COROUTINE_FN co_preadv(uint64_t, std::span<const iovec> to) override {
    for (const iovec& piece : to)
      std::memset(piece.iov_base, 'r', piece.iov_len);
    return pass({});
  }
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t, std::span<const iovec>,
                                             WriteFlags flags) override {
    return pass(flags);
  }
  std::error_code LV_COROUTINE_FN co_flush() override { return pass({}); }
  std::error_code LV_COROUTINE_FN co_trim(uint64_t, uint64_t, WriteFlags flags) override {
    return pass(flags);
  }
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t, uint64_t, WriteFlags flags) override {
    return pass(flags);
  }
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_block_status(uint64_t,
                                                                         uint64_t) override {
    if (const std::error_code error = pass({}))
      return std::unexpected(error);
    return Extent{.length = 512};
  }

private:
  std::error_code LV_COROUTINE_FN pass(WriteFlags flags) {
    mutex_.lock();
    ++come_;
    last_flags_ = flags;
    came_.notify_all();
    while (!open_)
      opened_.wait(mutex_);
    const std::error_code error = error_;
    mutex_.unlock();
    return error;
  }

  ThreadMutex mutex_;
  ThreadCondition came_;
  CoQueue opened_;
  bool open_ LV_GUARDED_BY(mutex_);
  unsigned come_ LV_GUARDED_BY(mutex_) = 0;
  WriteFlags last_flags_ LV_GUARDED_BY(mutex_);
  std::error_code error_ LV_GUARDED_BY(mutex_);
};

} // namespace lockvet::runtime

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_EXPORT_GATED_DEVICE_H
