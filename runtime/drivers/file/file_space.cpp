// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/file/file_space.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace lockvet::runtime {

namespace {

// Interrupted ones have done a part, and doing it again does no harm.
template <typename Call> int error_of_call(Call&& call) {
  while (call() != 0)
    if (errno != EINTR)
      // Old filesystems know nothing of a mode, and say that it makes no sense.
      return errno == ENOTTY || errno == ENOSYS ? EOPNOTSUPP : errno;
  return 0;
}

int allocate(int fd, int mode, uint64_t offset, uint64_t size) {
  return error_of_call(
      [&] { return fallocate(fd, mode, static_cast<off_t>(offset), static_cast<off_t>(size)); });
}

int call_device(int fd, unsigned long what, uint64_t offset, uint64_t size) {
  std::array<uint64_t, 2> range = {offset, size};
  return error_of_call([&] { return ioctl(fd, what, range.data()); });
}

int zero_device(const OpenFile& file, uint64_t offset, uint64_t size, RequestFlags flags) {
  if (offset % file.sector != 0 || size % file.sector != 0)
    return EOPNOTSUPP;
  int error = EOPNOTSUPP;
  // This one unmaps and never writes.
  if (has_flag(flags, RequestFlags::may_unmap))
    error = allocate(file.fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, size);
  if (error == EOPNOTSUPP && !has_flag(flags, RequestFlags::no_fallback))
    error = call_device(file.fd(), BLKZEROOUT, offset, size);
  return error;
}

} // namespace

int discard_space(const OpenFile& file, uint64_t offset, uint64_t size) {
  if (!file.is_device)
    return allocate(file.fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, size);
  const uint64_t begin = (offset + file.sector - 1) / file.sector * file.sector;
  const uint64_t end = (offset + size) / file.sector * file.sector;
  return begin < end ? call_device(file.fd(), BLKDISCARD, begin, end - begin) : 0;
}

int zero_space(const OpenFile& file, uint64_t offset, uint64_t size, uint64_t length,
               RequestFlags flags) {
  if (file.is_device)
    return zero_device(file, offset, size, flags);
  int error = EOPNOTSUPP;
  if (has_flag(flags, RequestFlags::may_unmap)) {
    error = allocate(file.fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, size);
    if (error == 0 && offset + size > length)
      error =
          error_of_call([&] { return ftruncate(file.fd(), static_cast<off_t>(offset + size)); });
  }
  if (error == EOPNOTSUPP)
    error = allocate(file.fd(), FALLOC_FL_ZERO_RANGE, offset, size);
  return error;
}

BlockStatus status_of_space(const OpenFile& file, uint64_t offset, uint64_t end) {
  BlockStatus status{.length = end - offset};
  const off_t data = lseek(file.fd(), static_cast<off_t>(offset), SEEK_DATA);
  if (data < 0) {
    // No data up to the end of the file.
    status.zero = errno == ENXIO;
    return status;
  }
  off_t until = data;
  if (static_cast<uint64_t>(data) > offset)
    status.zero = true;
  else
    until = lseek(file.fd(), static_cast<off_t>(offset), SEEK_HOLE);
  // A file that others change meanwhile may have a hole right there by now.
  if (until > static_cast<off_t>(offset))
    status.length = std::min(static_cast<uint64_t>(until), end) - offset;
  return status;
}

} // namespace lockvet::runtime
