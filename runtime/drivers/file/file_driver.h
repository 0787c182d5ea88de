// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The protocol of files: a regular file or a block device of the host, whose bytes are the disk's.
// Its node owns it. Requests run in any context, and let go of the graph lock while they wait; it
// has nothing in its home. What others do to the file meanwhile is kept off by locks on it that
// follow the node's permissions.

#ifndef LOCKVET_RUNTIME_DRIVERS_FILE_FILE_DRIVER_H
#define LOCKVET_RUNTIME_DRIVERS_FILE_FILE_DRIVER_H

#include "runtime/drivers/file/direct_io.h"
#include "runtime/drivers/file/image_lock.h"
#include "runtime/graph/driver.h"

#include <memory>
#include <optional>

namespace lockvet::runtime {

class FileDriver final : public Driver {
public:
  using Engine = FileEngine::Choice;

  struct Options {
    bool read_only = false;
    // Past the page cache (O_DIRECT).
    bool direct = false;
    // Whether to lock the image; without that nobody is kept from harming it.
    bool lock = true;
    Engine engine = Engine::automatic;
  };

  // The pool outlives it.
  static GraphResult<std::unique_ptr<FileDriver>>
      LV_NO_COROUTINE_FN open(const std::string& path, Options options, ThreadPool& pool);

  std::string_view format_name() const noexcept override { return "file"; }
  const FileEngine& engine() const noexcept { return engine_; }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override;
  // After a failed one, data that the kernel has dropped can't be told from data that it has
  // written: all later ones fail as well.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush() override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override;
  std::expected<BlockStatus, std::error_code>
      LV_COROUTINE_FN LV_GRAPH_RDLOCK co_block_status(uint64_t offset, uint64_t size) override;
  // Of files only; new bytes are zeroes.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override;
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override {
    return length_.get();
  }

  // By its name, which has to be that of the same file still.
  [[nodiscard]] GraphResult<>
      LV_NO_COROUTINE_FN set_read_only(bool read_only) LV_MAIN_LOOP LV_GRAPH_UNLOCKED override;

  GraphResult<> LV_GRAPH_WRLOCK prepare_permissions(Permissions permissions) override;
  void LV_GRAPH_WRLOCK commit_permissions() override;
  void LV_GRAPH_WRLOCK abort_permissions() override;

private:
  FileDriver(std::string path, OpenFile file, Options options, ThreadPool& pool);

  std::error_code LV_COROUTINE_FN sync();

  const std::string path_;
  const OpenFile file_;
  bool read_only_ LV_GUARDED_BY(graph_lock);
  FileEngine engine_;
  GrowingLength length_;
  DirectIo direct_;
  // The error number of the first flush that has failed.
  std::atomic<int> lost_ = 0;
  // The filesystem has been asked, and can't.
  std::atomic<bool> no_discard_ = false;
  std::optional<ImageLock> lock_ LV_GUARDED_BY(graph_lock);
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_FILE_FILE_DRIVER_H
