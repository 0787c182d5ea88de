// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/pass_through_driver.h"

namespace lockvet::runtime {

namespace {

std::error_code no_child() {
  return std::make_error_code(std::errc::no_such_device);
}

} // namespace

std::error_code PassThroughDriver::co_preadv(uint64_t offset, const IoVector& to,
                                             RequestFlags flags) {
  return file_ == nullptr ? no_child() : file_->co_preadv(offset, to, flags);
}

std::error_code PassThroughDriver::co_pwritev(uint64_t offset, const IoVector& from,
                                              RequestFlags flags) {
  return file_ == nullptr ? no_child() : file_->co_pwritev(offset, from, flags);
}

std::error_code PassThroughDriver::co_flush() {
  return file_ == nullptr ? no_child() : file_->co_flush();
}

std::error_code PassThroughDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                    RequestFlags flags) {
  return file_ == nullptr ? no_child() : file_->co_pwrite_zeroes(offset, size, flags);
}

std::error_code PassThroughDriver::co_discard(uint64_t offset, uint64_t size) {
  return file_ == nullptr ? no_child() : file_->co_discard(offset, size);
}

std::expected<BlockStatus, std::error_code> PassThroughDriver::co_block_status(uint64_t offset,
                                                                               uint64_t size) {
  if (file_ == nullptr)
    return std::unexpected(no_child());
  auto status = file_->co_block_status(offset, size);
  if (status)
    status->host_offset = offset;
  return status;
}

std::error_code PassThroughDriver::co_truncate(uint64_t length) {
  return file_ == nullptr ? no_child() : file_->co_truncate(length);
}

std::expected<uint64_t, std::error_code> PassThroughDriver::co_length() {
  if (file_ == nullptr)
    return std::unexpected(no_child());
  return file_->co_length();
}

void PassThroughDriver::co_meet_event(BlockEvent event) {
  if (file_ != nullptr)
    file_->co_meet_event(event);
}

void PassThroughDriver::child_attached(Edge& edge) {
  if (edge.name() == child_name)
    file_ = &edge;
}

void PassThroughDriver::child_detached(Edge& edge) {
  if (&edge == file_)
    file_ = nullptr;
}

} // namespace lockvet::runtime
