// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The raw format: the disk is what is in the child "file", or a window of it, such as a partition.
// Its node owns it; any context may use it.

#ifndef LOCKVET_RUNTIME_DRIVERS_RAW_DRIVER_H
#define LOCKVET_RUNTIME_DRIVERS_RAW_DRIVER_H

#include "runtime/drivers/pass_through_driver.h"

namespace lockvet::runtime {

class RawDriver final : public PassThroughDriver {
public:
  struct Options {
    // Where in the child the disk begins, in bytes.
    uint64_t offset = 0;
    // How long it is, in bytes, and stays; otherwise up to the child's end.
    std::optional<uint64_t> size = std::nullopt;
  };

  explicit RawDriver(Options options) : options_(options) {}

  std::string_view format_name() const noexcept override { return "raw"; }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags flags) override;
  // no_space_on_device beyond the end of a window of fixed size.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override;
  std::expected<BlockStatus, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_block_status(uint64_t offset, uint64_t size) override;
  // not_supported of a window of fixed size.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override;
  // io_error if the child is too short for the window.
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override;

  // It has no data of its own, so that it needs what is needed of it; and a child that does not
  // shrink below its window.
  Permissions LV_GRAPH_RDLOCK child_permissions(EdgeRole role, Permissions own) const override;

private:
  // Whether a range that may end behind the disk is one of the child's, for as long as it is.
  std::error_code check(uint64_t offset, uint64_t size) const;

  const Options options_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_RAW_DRIVER_H
