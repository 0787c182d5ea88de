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
    : fd_(file.fd()), pool_(pool),
      reads_by_ring_(choice == Choice::io_uring ||
                     (choice == Choice::automatic && file.reads_without_waiting)),
      writes_(Writes::unknown) {
  if (choice == Choice::threads || !reads_by_ring_)
    writes_ = Writes::by_threads;
  else if (choice == Choice::io_uring || file.is_direct)
    writes_ = Writes::by_ring;
}

std::error_code FileEngine::co_read(uint64_t offset, PieceProgress& progress) {
  std::error_code error;
  if (reads_by_ring_ && by_ring(FileDirection::read, offset, progress, 0, error))
    return error;
  return by_threads(FileDirection::read, offset, progress, 0);
}

std::error_code FileEngine::co_write(uint64_t offset, PieceProgress& progress, bool stable) {
  const int flags = stable ? RWF_DSYNC : 0;
  std::error_code error;
  // One that is to be stable would wait.
  if (writes_.load(std::memory_order_relaxed) == Writes::unknown && !stable &&
      try_first_write(offset, progress, error))
    return error;
  if (writes_.load(std::memory_order_relaxed) == Writes::by_ring &&
      by_ring(FileDirection::write, offset, progress, flags, error))
    return error;
  return by_threads(FileDirection::write, offset, progress, flags);
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

bool FileEngine::try_first_write(uint64_t offset, PieceProgress& progress, std::error_code& error) {
  const int result = transfer_at(fd_, FileDirection::write, offset, progress, RWF_NOWAIT);
  writes_ = result == EOPNOTSUPP ? Writes::by_threads : Writes::by_ring;
  if (result == EOPNOTSUPP || result == EAGAIN)
    return false;
  error = error_of(result);
  return true;
}

std::error_code FileEngine::by_threads(FileDirection direction, uint64_t offset,
                                       PieceProgress& progress, int flags) {
  return co_blocking([&] { return transfer_at(fd_, direction, offset, progress, flags); });
}

} // namespace lockvet::runtime
