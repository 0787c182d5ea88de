// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device whose requests are counted and timed, for who wants to know how its clients fare. It
// stands before another one, which outlives it; whoever made it owns it. Two looks at the clock a
// request are its price.

#ifndef LOCKVET_RUNTIME_EXPORT_MEASURED_DEVICE_H
#define LOCKVET_RUNTIME_EXPORT_MEASURED_DEVICE_H

#include "runtime/export/exported_device.h"
#include "runtime/export/request_statistics.h"

namespace lockvet::runtime {

class MeasuredDevice final : public ExportedDevice {
public:
  explicit MeasuredDevice(ExportedDevice& device) : device_(device) {}

  const RequestStatistics& statistics() const noexcept { return statistics_; }

  uint64_t size() const noexcept override { return device_.size(); }
  void LV_COROUTINE_FN co_update_size() override { device_.co_update_size(); }
  bool read_only() const noexcept override { return device_.read_only(); }
  BlockSizes block_sizes() const noexcept override { return device_.block_sizes(); }
  bool flush_covers_all() const noexcept override { return device_.flush_covers_all(); }

  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, std::span<const iovec> to) override;
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, std::span<const iovec> from,
                                             WriteFlags flags) override;
  std::error_code LV_COROUTINE_FN co_flush() override;
  std::error_code LV_COROUTINE_FN co_trim(uint64_t offset, uint64_t length,
                                          WriteFlags flags) override;
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t length,
                                                  WriteFlags flags) override;
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_block_status(uint64_t offset,
                                                                         uint64_t length) override {
    return device_.co_block_status(offset, length);
  }

private:
  template <typename Body>
  std::error_code LV_COROUTINE_FN co_measure(RequestKind kind, uint64_t bytes, Body&& body);

  ExportedDevice& device_;
  RequestStatistics statistics_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_MEASURED_DEVICE_H
