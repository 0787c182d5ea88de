// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device that is a file: for tests, and for the example until the block graph has drivers. What
// the page cache has is read at once, and all else in threads of a pool. Whoever made it owns it;
// it needs no lock, since the kernel's positional calls are atomic enough for a disk.

#ifndef LOCKVET_RUNTIME_EXPORT_FILE_DEVICE_H
#define LOCKVET_RUNTIME_EXPORT_FILE_DEVICE_H

#include "runtime/aio/file_descriptor.h"
#include "runtime/aio/thread_pool.h"
#include "runtime/export/exported_device.h"

#include <memory>
#include <string>

namespace lockvet::runtime {

class FileDevice final : public ExportedDevice {
public:
  // The error is a sentence. The pool outlives it.
  static std::expected<std::unique_ptr<FileDevice>, std::string>
      LV_NO_COROUTINE_FN open(const std::string& path, bool read_only, ThreadPool& pool);

  uint64_t size() const noexcept override { return size_; }
  bool read_only() const noexcept override { return read_only_; }

  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, std::span<const iovec> to) override;
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, std::span<const iovec> from,
                                             WriteFlags flags) override;
  std::error_code LV_COROUTINE_FN co_flush() override;
  std::error_code LV_COROUTINE_FN co_trim(uint64_t offset, uint64_t length,
                                          WriteFlags flags) override;
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t length,
                                                  WriteFlags flags) override;
  std::expected<Extent, std::error_code> LV_COROUTINE_FN co_block_status(uint64_t offset,
                                                                         uint64_t length) override;

private:
  FileDevice(FileDescriptor file, uint64_t size, bool read_only, bool in_memory, ThreadPool& pool)
      : file_(std::move(file)), size_(size), read_only_(read_only), in_memory_(in_memory),
        pool_(pool) {}

  // Has a thread do what returns 0 or an error number, and syncs after that if it is to.
  template <typename Body> std::error_code LV_COROUTINE_FN co_blocking(Body&& body, bool sync);

  const FileDescriptor file_;
  const uint64_t size_;
  const bool read_only_;
  // On tmpfs, where nothing waits for a disk.
  const bool in_memory_;
  ThreadPool& pool_;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_EXPORT_FILE_DEVICE_H
