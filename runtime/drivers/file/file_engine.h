// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who does a file's reads and writes: the ring of the coroutine's loop, the threads of a pool where
// the loop has no ring, or the coroutine itself where nothing waits for a disk. Threads also do all
// else that blocks. A driver owns it; coroutines of any context use it, without the graph lock.
//
// The ring is cheaper than the pool also for what the filesystem can't begin without waiting, such
// as writes through the page cache to most: the kernel's threads have a shorter way than ours.
// docs/runtime.md has the numbers.

#ifndef LOCKVET_RUNTIME_DRIVERS_FILE_FILE_ENGINE_H
#define LOCKVET_RUNTIME_DRIVERS_FILE_FILE_ENGINE_H

#include "runtime/aio/aio_context.h"
#include "runtime/aio/file_transfer.h"
#include "runtime/aio/thread_pool.h"
#include "runtime/drivers/file/open_file.h"

namespace lockvet::runtime {

class FileEngine {
public:
  // Automatic is in place for files in memory, and by io_uring for others.
  enum class Choice { automatic, io_uring, threads, in_place };

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

  // What was chosen, for automatic.
  Choice choice() const noexcept { return choice_; }

private:
  std::error_code LV_COROUTINE_FN co_transfer(FileDirection direction, uint64_t offset,
                                              PieceProgress& progress, int flags);
  // False if threads have to go on; otherwise `error` is the outcome.
  bool LV_COROUTINE_FN by_ring(FileDirection direction, uint64_t offset, PieceProgress& progress,
                               int flags, std::error_code& error);

  const int fd_;
  ThreadPool& pool_;
  Choice choice_;
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
