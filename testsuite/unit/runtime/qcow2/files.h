// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files for tests of images: one in memory, which can fail, be slow and keep a log of what was done
// to it, and one that is a file. They belong to the test, whose coroutines may have several homes.

#ifndef LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_FILES_H
#define LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_FILES_H

#include "runtime/coroutine/coroutine.h"
#include "runtime/coroutine/thread_mutex.h"
#include "runtime/drivers/qcow2/image_file.h"

#include <functional>
#include <string>
#include <unistd.h>
#include <vector>

namespace lockvet::runtime::qcow2 {

using Bytes = std::vector<std::byte>;

class MemoryFile final : public ImageFile {
public:
  // What changed the file, in order; a flush has no data.
  struct Event {
    enum class Kind { write, flush, truncate } kind;
    uint64_t offset = 0;
    Bytes data = {};
  };

  MemoryFile() = default;
  explicit MemoryFile(Bytes content) : content_(std::move(content)) {}

  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN co_size() override;
  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, const IoVector& to) override;
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, const IoVector& from) override;
  std::error_code LV_COROUTINE_FN co_flush() override;
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t size,
                                                  bool may_unmap) override;
  std::error_code LV_COROUTINE_FN co_discard(uint64_t offset, uint64_t size) override;
  std::error_code LV_COROUTINE_FN co_truncate(uint64_t size) override;

  uint64_t length();
  Bytes content();
  void set_content(Bytes content);
  void poke(uint64_t offset, uint64_t number);

  // Whether requests let others run before they are done.
  bool yields = false;
  // From now on: what is done is remembered, and discards destroy.
  bool logs = false;
  std::vector<Event> log;
  // Asked before each change; an error has it fail without having happened.
  std::function<std::error_code(Event::Kind, uint64_t offset)> before_change;

private:
  void LV_COROUTINE_FN co_take_turn();
  std::error_code note(Event event);

  ThreadMutex mutex_;
  Bytes content_ LV_GUARDED_BY(mutex_);
};

// A file in the file system, read and written as it comes.
class DiskFile final : public ImageFile {
public:
  explicit DiskFile(const std::string& path);
  ~DiskFile() override;

  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN co_size() override;
  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, const IoVector& to) override;
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, const IoVector& from) override;
  std::error_code LV_COROUTINE_FN co_flush() override { return {}; }
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t size,
                                                  bool may_unmap) override;
  std::error_code LV_COROUTINE_FN co_discard(uint64_t offset, uint64_t size) override;
  std::error_code LV_COROUTINE_FN co_truncate(uint64_t size) override;

private:
  int fd_;
};

} // namespace lockvet::runtime::qcow2

#endif // LOCKVET_TESTSUITE_UNIT_RUNTIME_QCOW2_FILES_H
