// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who does a file's reads and writes: the ring of the coroutine's loop, where the filesystem can
// begin them without waiting, or else the threads of a pool, which also do all that blocks. A
// driver owns it; coroutines of any context use it, without the graph lock.

#ifndef LOCKVET_RUNTIME_DRIVERS_FILE_FILE_ENGINE_H
#define LOCKVET_RUNTIME_DRIVERS_FILE_FILE_ENGINE_H

#include "runtime/aio/aio_context.h"
#include "runtime/aio/file_transfer.h"
#include "runtime/aio/thread_pool.h"
#include "runtime/drivers/file/open_file.h"

#include <atomic>

namespace lockvet::runtime {

class FileEngine {
public:
  // Automatic is what the filesystem likes better.
  enum class Choice { automatic, io_uring, threads };

  // The pool outlives it.
  FileEngine(const OpenFile& file, Choice choice, ThreadPool& pool);
  FileEngine(const FileEngine&) = delete;
  FileEngine& operator=(const FileEngine&) = delete;

  // Until all is read, or the file ends.
  std::error_code LV_COROUTINE_FN co_read(uint64_t offset, PieceProgress& progress);
  // All; `stable` has it on stable storage when it has ended.
  std::error_code LV_COROUTINE_FN co_write(uint64_t offset, PieceProgress& progress, bool stable);

  // Has a thread do what returns 0 or an error number.
  template <typename Body> std::error_code LV_COROUTINE_FN co_blocking(Body&& body);

  // For tests: who does reads, and writes as far as that is known.
  bool reads_by_ring() const noexcept { return reads_by_ring_; }
  bool writes_by_ring() const noexcept { return writes_.load() == Writes::by_ring; }

private:
  // Whether a filesystem takes writes without waiting can't be asked, only tried.
  enum class Writes : uint8_t { unknown, by_ring, by_threads };

  // False if a thread has to go on; otherwise `error` is the outcome.
  bool LV_COROUTINE_FN by_ring(FileDirection direction, uint64_t offset, PieceProgress& progress,
                               int flags, std::error_code& error);
  bool try_first_write(uint64_t offset, PieceProgress& progress, std::error_code& error);
  std::error_code LV_COROUTINE_FN by_threads(FileDirection direction, uint64_t offset,
                                             PieceProgress& progress, int flags);

  const int fd_;
  ThreadPool& pool_;
  const bool reads_by_ring_;
  std::atomic<Writes> writes_;
};

template <typename Body> std::error_code FileEngine::co_blocking(Body&& body) {
  int error = 0;
  auto work = [&] { error = body(); };
  if (const std::error_code failed = pool_.co_run(work))
    return failed;
  return {error, std::generic_category()};
}

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_FILE_FILE_ENGINE_H
