// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A disk that forgets: writes go nowhere, and reads give zeroes or what was in the buffer. For
// measuring all that is above it, and as a sink. Its node owns it; any context may use it.

#ifndef LOCKVET_RUNTIME_DRIVERS_NULL_DRIVER_H
#define LOCKVET_RUNTIME_DRIVERS_NULL_DRIVER_H

#include "runtime/drivers/growing_length.h"
#include "runtime/graph/driver.h"

#include <chrono>

namespace lockvet::runtime {

class NullDriver final : public Driver {
public:
  struct Options {
    uint64_t length = uint64_t{1} << 30;
    // How long a request takes, in the context of its coroutine, which must be an AioContext.
    std::chrono::nanoseconds latency = std::chrono::nanoseconds::zero();
    // Otherwise reads leave the buffer as it is.
    bool read_zeroes = false;
  };

  explicit NullDriver(Options options) : options_(options), length_(options.length) {}

  std::string_view format_name() const noexcept override { return "null"; }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush() override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override;
  std::expected<BlockStatus, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_block_status(uint64_t offset, uint64_t size) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override;
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override;

private:
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK take_time();

  const Options options_;
  GrowingLength length_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_NULL_DRIVER_H
