// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The files of these tests as nodes of a graph, and a disk of a graph as a file of these tests.
// They belong to the test.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_GRAPH_FILES_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_GRAPH_FILES_H

#include "runtime/graph/block_backend.h"
#include "testsuite/unit/runtime/qcow2/files.h"

namespace lockvet::runtime::qcow2 {

// A protocol's node. What the file waits for is the device.
class FileNodeDriver final : public Driver {
public:
  explicit FileNodeDriver(std::shared_ptr<MemoryFile> file) : file_(std::move(file)) {}

  std::string_view format_name() const noexcept override { return "test file"; }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_preadv(uint64_t offset, const IoVector& to,
                                                            RequestFlags) override {
    const CoGraphReadPause pause;
    return file_->co_preadv(offset, to);
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags) override {
    const CoGraphReadPause pause;
    return file_->co_pwritev(offset, from);
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush() override {
    const CoGraphReadPause pause;
    return file_->co_flush();
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override {
    const CoGraphReadPause pause;
    return file_->co_discard(offset, size);
  }
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override {
    const CoGraphReadPause pause;
    return file_->co_truncate(length);
  }
  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN LV_GRAPH_RDLOCK co_length() override {
    return file_->length();
  }

private:
  const std::shared_ptr<MemoryFile> file_;
};

class BackendFile final : public ImageFile {
public:
  explicit BackendFile(BlockBackend& backend) : backend_(backend) {}

  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN co_size() LV_GRAPH_UNLOCKED override {
    return backend_.co_length();
  }
  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset,
                                            const IoVector& to) LV_GRAPH_UNLOCKED override {
    return backend_.co_preadv(offset, to);
  }
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset,
                                             const IoVector& from) LV_GRAPH_UNLOCKED override {
    return backend_.co_pwritev(offset, from);
  }
  std::error_code LV_COROUTINE_FN co_flush() LV_GRAPH_UNLOCKED override {
    return backend_.co_flush();
  }
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t size,
                                                  bool may_unmap) LV_GRAPH_UNLOCKED override {
    return backend_.co_pwrite_zeroes(offset, size,
                                     may_unmap ? RequestFlags::may_unmap : RequestFlags::none);
  }
  std::error_code LV_COROUTINE_FN co_discard(uint64_t offset,
                                             uint64_t size) LV_GRAPH_UNLOCKED override {
    return backend_.co_discard(offset, size);
  }
  std::error_code LV_COROUTINE_FN co_truncate(uint64_t size) LV_GRAPH_UNLOCKED override {
    return backend_.co_truncate(size);
  }

private:
  BlockBackend& backend_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_GRAPH_FILES_H
