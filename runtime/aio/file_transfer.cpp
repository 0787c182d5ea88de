// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/aio/file_transfer.h"

#include <cerrno>

namespace lockvet::runtime {

int transfer_at(int fd, FileDirection direction, uint64_t offset, PieceProgress& progress,
                int flags) {
  while (!progress.complete()) {
    const std::span<const iovec> pieces = progress.next();
    const auto count = static_cast<int>(pieces.size());
    const auto at = static_cast<off_t>(offset + progress.bytes());
    const ssize_t bytes = direction == FileDirection::read
                              ? preadv2(fd, pieces.data(), count, at, flags)
                              : pwritev2(fd, pieces.data(), count, at, flags);
    if (bytes < 0) {
      if (errno == EINTR)
        continue;
      return errno;
    }
    if (bytes == 0)
      return direction == FileDirection::read ? 0 : ENOSPC;
    progress.add(static_cast<size_t>(bytes));
  }
  return 0;
}

} // namespace lockvet::runtime
