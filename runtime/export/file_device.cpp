// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/file_device.h"

#include "runtime/aio/file_transfer.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <vector>

namespace lockvet::runtime {

namespace {

std::error_code error_of(int number) {
  return {number, std::generic_category()};
}

// Returns 0 when all is done, or an error number: also if somebody has made the file shorter.
int transfer(int file, FileDirection direction, uint64_t offset, PieceProgress& progress,
             int flags) {
  const int error = transfer_at(file, direction, offset, progress, flags);
  return error == 0 && !progress.complete() ? EIO : error;
}

int deallocate(int file, int mode, uint64_t offset, uint64_t length) {
  return fallocate(file, mode, static_cast<off_t>(offset), static_cast<off_t>(length)) == 0 ? 0
                                                                                            : errno;
}

int write_buffers_of_zeroes(int file, uint64_t offset, uint64_t length) {
  const std::vector<std::byte> zeroes(std::min<uint64_t>(length, 1 << 20));
  for (const uint64_t end = offset + length; offset < end;) {
    const iovec piece{const_cast<std::byte*>(zeroes.data()),
                      std::min<uint64_t>(zeroes.size(), end - offset)};
    PieceProgress progress({&piece, 1});
    if (const int error = transfer(file, FileDirection::write, offset, progress, 0))
      return error;
    offset += piece.iov_len;
  }
  return 0;
}

// Returns 0 or an error number, EOPNOTSUPP if it would not be fast and has to be.
int write_zeroes(int file, uint64_t offset, uint64_t length, ExportedDevice::WriteFlags flags) {
  int error = EOPNOTSUPP;
  if (flags.may_unmap)
    error = deallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
  if (error == EOPNOTSUPP)
    error = deallocate(file, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, offset, length);
  if (error == EOPNOTSUPP && !flags.only_if_fast)
    error = write_buffers_of_zeroes(file, offset, length);
  return error;
}

} // namespace

std::expected<std::unique_ptr<FileDevice>, std::string>
FileDevice::open(const std::string& path, bool read_only, ThreadPool& pool) {
  const auto failed = [&path](const std::string& why) {
    return std::unexpected("can't open '" + path + "': " + why);
  };
  FileDescriptor file(::open(path.c_str(), (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC));
  if (!file.valid())
    return failed(error_of(errno).message());
  struct stat status = {};
  struct statfs system = {};
  if (fstat(file.get(), &status) != 0 || fstatfs(file.get(), &system) != 0)
    return failed(error_of(errno).message());
  if (!S_ISREG(status.st_mode))
    return failed("it is no plain file");
  return std::unique_ptr<FileDevice>(new FileDevice(std::move(file),
                                                    static_cast<uint64_t>(status.st_size),
                                                    read_only, system.f_type == TMPFS_MAGIC, pool));
}

template <typename Body> std::error_code FileDevice::co_blocking(Body&& body, bool sync) {
  int error = 0;
  auto work = [&] {
    error = body();
    if (error == 0 && sync && fdatasync(file_.get()) != 0)
      error = errno;
  };
  if (const std::error_code failed = pool_.co_run(work))
    return failed;
  return error == 0 ? std::error_code() : error_of(error);
}

std::error_code FileDevice::co_preadv(uint64_t offset, std::span<const iovec> to) {
  PieceProgress progress(to);
  const int error =
      transfer(file_.get(), FileDirection::read, offset, progress, in_memory_ ? 0 : RWF_NOWAIT);
  if (error == 0)
    return {};
  // A part that was there is not read again.
  if (error == EAGAIN || error == EOPNOTSUPP)
    return co_blocking(
        [&] { return transfer(file_.get(), FileDirection::read, offset, progress, 0); }, false);
  return error_of(error);
}

std::error_code FileDevice::co_pwritev(uint64_t offset, std::span<const iovec> from,
                                       WriteFlags flags) {
  PieceProgress progress(from);
  if (in_memory_) {
    const int error = transfer(file_.get(), FileDirection::write, offset, progress, 0);
    return error == 0 ? std::error_code() : error_of(error);
  }
  return co_blocking(
      [&] { return transfer(file_.get(), FileDirection::write, offset, progress, 0); },
      flags.force_unit_access);
}

std::error_code FileDevice::co_flush() {
  return co_blocking([] { return 0; }, true);
}

std::error_code FileDevice::co_trim(uint64_t offset, uint64_t length, WriteFlags flags) {
  return co_blocking(
      [&] {
        const int error =
            deallocate(file_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
        return error == EOPNOTSUPP ? 0 : error;
      },
      flags.force_unit_access);
}

std::error_code FileDevice::co_write_zeroes(uint64_t offset, uint64_t length, WriteFlags flags) {
  return co_blocking([&] { return write_zeroes(file_.get(), offset, length, flags); },
                     flags.force_unit_access);
}

std::expected<ExportedDevice::Extent, std::error_code> FileDevice::co_block_status(uint64_t offset,
                                                                                   uint64_t) {
  Extent extent;
  const std::error_code failed = co_blocking(
      [&] {
        const off_t data = lseek(file_.get(), static_cast<off_t>(offset), SEEK_DATA);
        // Behind the last data there is a hole up to the end.
        if (data < 0 && errno != ENXIO)
          return errno;
        const bool hole = data < 0 || static_cast<uint64_t>(data) > offset;
        off_t until = data < 0 ? static_cast<off_t>(size_) : data;
        if (!hole)
          until = lseek(file_.get(), static_cast<off_t>(offset), SEEK_HOLE);
        if (until < 0)
          return errno;
        const uint64_t end = std::min(static_cast<uint64_t>(until), size_);
        extent = {
            .length = end > offset ? end - offset : size_ - offset, .hole = hole, .zero = hole};
        return 0;
      },
      false);
  if (failed)
    return std::unexpected(failed);
  return extent;
}

} // namespace lockvet::runtime
