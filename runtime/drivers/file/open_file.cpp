// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/file/open_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

namespace lockvet::runtime {

namespace {

std::error_code last_error() {
  return {errno, std::generic_category()};
}

// What every device and filesystem takes for direct transfers, if none says what it needs.
constexpr uint32_t safe_alignment = 4096;

bool is_in_memory(int fd) {
  struct statfs system = {};
  return fstatfs(fd, &system) == 0 &&
         (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC);
}

void find_alignment(OpenFile& file) {
  file.memory_alignment = safe_alignment;
  file.offset_alignment = file.is_device ? file.sector : safe_alignment;
#if defined(STATX_DIOALIGN)
  struct statx status = {};
  if (statx(file.fd(), "", AT_EMPTY_PATH, STATX_DIOALIGN, &status) != 0 ||
      (status.stx_mask & STATX_DIOALIGN) == 0 || status.stx_dio_offset_align == 0)
    return;
  file.memory_alignment = std::max(status.stx_dio_mem_align, 1U);
  file.offset_alignment = status.stx_dio_offset_align;
#endif
}

std::error_code find_device_geometry(OpenFile& file) {
  int sector = 0;
  if (ioctl(file.fd(), BLKGETSIZE64, &file.length) != 0 ||
      ioctl(file.fd(), BLKSSZGET, &sector) != 0)
    return last_error();
  file.sector = static_cast<uint32_t>(sector);
  return {};
}

// Opening one for writing goes well, and then no write does.
bool is_read_only_device(int fd) {
  int read_only = 0;
  return ioctl(fd, BLKROGET, &read_only) == 0 && read_only != 0;
}

} // namespace

bool OpenFile::is_same(const OpenFile& other) const noexcept {
  struct stat mine = {};
  struct stat theirs = {};
  return fstat(fd(), &mine) == 0 && fstat(other.fd(), &theirs) == 0 &&
         mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino;
}

GraphResult<OpenFile> OpenFile::open(const std::string& path, bool read_only, bool direct) {
  const auto failed = [&path](std::error_code error) {
    return std::unexpected(
        GraphError{error, "can't open '" + path + "': " + error.message() + "."});
  };
  OpenFile file;
  file.is_direct = direct;
  // Without O_NONBLOCK a FIFO would have us wait for somebody at its other end.
  const int flags = O_CLOEXEC | O_NONBLOCK | (read_only ? O_RDONLY : O_RDWR);
  file.descriptor = FileDescriptor(::open(path.c_str(), flags | (direct ? O_DIRECT : 0)));
  if (file.fd() < 0)
    return failed(last_error());
  struct stat status = {};
  if (fstat(file.fd(), &status) != 0)
    return failed(last_error());
  if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
    return graph_error(std::errc::invalid_argument,
                       "can't open '" + path + "': it is neither a file nor a block device.");
  // What waits for a disk is to wait, and not to say that it would have to.
  if (fcntl(file.fd(), F_SETFL, direct ? O_DIRECT : 0) != 0)
    return failed(last_error());
  file.is_device = S_ISBLK(status.st_mode);
  file.length = static_cast<uint64_t>(status.st_size);
  if (file.is_device) {
    if (const std::error_code error = find_device_geometry(file))
      return failed(error);
    if (!read_only && is_read_only_device(file.fd()))
      return failed(std::make_error_code(std::errc::read_only_file_system));
  }
  file.in_memory = is_in_memory(file.fd());
  if (direct)
    find_alignment(file);
  return file;
}

} // namespace lockvet::runtime
