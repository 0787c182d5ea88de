// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/file/file_engine.h"

#include "runtime/aio/co_file.h"

#include <cerrno>

namespace lockvet::runtime {

namespace {

std::error_code error_of(int number) {
  return {number, std::generic_category()};
}

} // namespace

FileEngine::FileEngine(const OpenFile& file, Choice choice, ThreadPool& pool)
    : fd_(file.fd()), pool_(pool), choice_(choice) {
  if (choice == Choice::automatic)
    choice_ = file.in_memory ? Choice::in_place : Choice::io_uring;
}

std::error_code FileEngine::co_read(uint64_t offset, PieceProgress& progress) {
  return co_transfer(FileDirection::read, offset, progress, 0);
}

std::error_code FileEngine::co_write(uint64_t offset, PieceProgress& progress, bool stable) {
  return co_transfer(FileDirection::write, offset, progress, stable ? RWF_DSYNC : 0);
}

std::error_code FileEngine::co_transfer(FileDirection direction, uint64_t offset,
                                        PieceProgress& progress, int flags) {
  std::error_code error;
  if (choice_ == Choice::io_uring && by_ring(direction, offset, progress, flags, error))
    return error;
  const auto transfer = [&] { return transfer_at(fd_, direction, offset, progress, flags); };
  if (choice_ == Choice::in_place)
    return error_of(transfer());
  return co_blocking(transfer);
}

bool FileEngine::by_ring(FileDirection direction, uint64_t offset, PieceProgress& progress,
                         int flags, std::error_code& error) {
  auto* const context = dynamic_cast<AioContext*>(Coroutine::current()->home());
  if (context == nullptr)
    return false;
  context->assert_home();
  while (!progress.complete()) {
    const std::span<const iovec> pieces = progress.next();
    const uint64_t at = offset + progress.bytes();
    const auto bytes = direction == FileDirection::read
                           ? co_read_at(*context, fd_, pieces, at)
                           : co_write_at(*context, fd_, pieces, at, flags);
    if (!bytes) {
      // The loop has no ring, or this file does not like it.
      if (bytes.error() == error_of(ENOSYS) || bytes.error() == error_of(EAGAIN) ||
          bytes.error() == error_of(EOPNOTSUPP))
        return false;
      error = bytes.error();
      return true;
    }
    if (*bytes == 0) {
      error = direction == FileDirection::read ? std::error_code() : error_of(ENOSPC);
      return true;
    }
    progress.add(*bytes);
  }
  error = {};
  return true;
}

} // namespace lockvet::runtime
