// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/drivers/file/file_driver.h"

#include "runtime/drivers/file/file_space.h"
#include "runtime/drivers/file/piece_list.h"
#include "runtime/graph/read_only.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace lockvet::runtime {

GraphResult<std::unique_ptr<FileDriver>> FileDriver::open(const std::string& path, Options options,
                                                          ThreadPool& pool) {
  auto file = OpenFile::open(path, options.read_only, options.direct);
  if (!file)
    return std::unexpected(std::move(file.error()));
  return std::unique_ptr<FileDriver>(new FileDriver(path, std::move(*file), options, pool));
}

FileDriver::FileDriver(std::string path, OpenFile file, Options options, ThreadPool& pool)
    : path_(std::move(path)), file_(std::move(file)), read_only_(options.read_only),
      engine_(file_, options.engine, pool), length_(file_.length),
      direct_(file_, engine_, length_) {
  if (options.lock)
    lock_.emplace(file_.fd(), path_);
}

// --- requests ------------------------------------------------------------------------------------

std::error_code FileDriver::co_preadv(uint64_t offset, const IoVector& to, RequestFlags) {
  const CoGraphReadPause pause;
  if (file_.is_direct)
    return direct_.co_read(offset, to);
  const PieceList list(to);
  PieceProgress progress(list.pieces());
  const std::error_code error = engine_.co_read(offset, progress);
  // Somebody has made the file shorter than we think.
  if (!error)
    progress.fill_with_zeroes();
  return error;
}

std::error_code FileDriver::co_pwritev(uint64_t offset, const IoVector& from, RequestFlags flags) {
  const CoGraphReadPause pause;
  const bool stable = has_flag(flags, RequestFlags::force_unit_access);
  if (file_.is_direct)
    return direct_.co_write(offset, from, stable);
  const PieceList list(from);
  PieceProgress progress(list.pieces());
  const std::error_code error = engine_.co_write(offset, progress, stable);
  if (!error)
    length_.grow_to(offset + from.size());
  return error;
}

std::error_code FileDriver::sync() {
  return engine_.co_blocking([this] {
    if (const int lost = lost_.load())
      return lost;
    if (fdatasync(file_.fd()) == 0)
      return 0;
    const int error = errno;
    // What never was in the page cache was not lost from it.
    if (!file_.is_direct)
      lost_ = error;
    return error;
  });
}

std::error_code FileDriver::co_flush() {
  const CoGraphReadPause pause;
  return sync();
}

std::error_code FileDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size, RequestFlags flags) {
  const CoGraphReadPause pause;
  {
    const CoReadLock lock(direct_.blocks());
    const std::error_code error =
        engine_.co_blocking([&] { return zero_space(file_, offset, size, length_.get(), flags); });
    if (error)
      return error;
    length_.grow_to(offset + size);
  }
  return has_flag(flags, RequestFlags::force_unit_access) ? sync() : std::error_code();
}

std::error_code FileDriver::co_discard(uint64_t offset, uint64_t size) {
  if (no_discard_.load(std::memory_order_relaxed))
    return {};
  const CoGraphReadPause pause;
  const CoReadLock lock(direct_.blocks());
  const std::error_code error =
      engine_.co_blocking([&] { return discard_space(file_, offset, size); });
  if (error != std::errc::not_supported)
    return error;
  // It is a hint, and not one for this filesystem.
  no_discard_ = true;
  return {};
}

std::expected<BlockStatus, std::error_code> FileDriver::co_block_status(uint64_t offset,
                                                                        uint64_t size) {
  const CoGraphReadPause pause;
  BlockStatus status;
  const std::error_code error = engine_.co_blocking([&] {
    status = status_of_space(file_, offset, offset + size);
    return 0;
  });
  if (error)
    return std::unexpected(error);
  return status;
}

std::error_code FileDriver::co_truncate(uint64_t length) {
  if (file_.is_device)
    return std::make_error_code(std::errc::not_supported);
  const CoGraphReadPause pause;
  const CoWriteLock lock(direct_.blocks());
  const std::error_code error = engine_.co_blocking(
      [&] { return ftruncate(file_.fd(), static_cast<off_t>(length)) == 0 ? 0 : errno; });
  if (!error)
    length_.set(length);
  return error;
}

// --- reading only --------------------------------------------------------------------------------

GraphResult<> FileDriver::set_read_only(bool read_only) {
  {
    const MainGraphReadLock lock;
    if (read_only_ == read_only)
      return {};
  }
  const auto file = OpenFile::open(path_, read_only, file_.is_direct);
  if (!file)
    return std::unexpected(file.error());
  if (!file->is_same(file_))
    return graph_error(std::errc::no_such_file_or_directory,
                       "'" + path_ + "' is another file by now than the one that is open.");
  const GraphWriteLock lock;
  if (read_only)
    if (auto allowed = check_nobody_writes(node()); !allowed)
      return allowed;
  if (lock_)
    if (auto locked = lock_->copy_to(file->fd()); !locked)
      return locked;
  // Nothing is in flight that would notice.
  if (dup3(file->fd(), file_.fd(), O_CLOEXEC) < 0) {
    const std::error_code error(errno, std::generic_category());
    return std::unexpected(
        GraphError{error, "can't open '" + path_ + "' anew: " + error.message() + "."});
  }
  read_only_ = read_only;
  return {};
}

// --- permissions ---------------------------------------------------------------------------------

GraphResult<> FileDriver::prepare_permissions(Permissions permissions) {
  const Permission changes = permissions.used & changing_permissions;
  if (read_only_ && changes != Permission::none)
    return graph_error(std::errc::read_only_file_system,
                       "'" + path_ + "' is open for reading only, and is needed for '" +
                           to_string(changes) + "'.");
  return lock_ ? lock_->prepare(permissions) : GraphResult<>();
}

void FileDriver::commit_permissions() {
  if (lock_)
    lock_->commit();
}

void FileDriver::abort_permissions() {
  if (lock_)
    lock_->abort();
}

} // namespace lockvet::runtime
