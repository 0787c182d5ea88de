// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A filter that logs each write, flush and discard of its child "file" to its child "log", which it
// has in the role of data, when it has been done: so that a test can see what would be left if the
// power failed after any of them. Its node owns it; any context may use it. Locks of its own keep
// the log in order; the graph lock is let go of while a request waits for them.
//
// The log begins anew with the first request. Its format knows no lengths. A change of the length
// is a mark with the text "length" and the bytes, after zeroes for what is cut off: so that whoever
// replays into a disk that is long enough reads there what comes back if it grows again.

#ifndef LOCKVET_RUNTIME_DRIVERS_BLKLOGWRITES_DRIVER_H
#define LOCKVET_RUNTIME_DRIVERS_BLKLOGWRITES_DRIVER_H

#include "runtime/coroutine/co_mutex.h"
#include "runtime/coroutine/co_rw_lock.h"
#include "runtime/drivers/pass_through_driver.h"
#include "runtime/drivers/write_log_format.h"

namespace lockvet::runtime {

class BlkLogWritesDriver final : public PassThroughDriver {
public:
  static constexpr std::string_view log_name = "log";

  struct Options {
    // Of the log, in bytes: a power of two from 512 on. What is not aligned is logged with what is
    // around it.
    uint32_t sector = 512;
    // The superblock is brought up to date after so many entries, besides each one that makes
    // something stable.
    uint64_t superblock_interval = 4096;
  };

  explicit BlkLogWritesDriver(Options options) : options_(options) {}

  std::string_view format_name() const noexcept override { return "blklogwrites"; }

  // Marks a place in the log, for replaying up to there. By a coroutine that has no request here.
  // invalid_argument if the text does not fit into a sector.
  std::error_code LV_COROUTINE_FN co_mark(std::string_view text) LV_GRAPH_UNLOCKED;

  // An error of the log is one of the request, which may have been done.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush() override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override;

  void LV_GRAPH_WRLOCK child_attached(Edge& edge) override;
  void LV_GRAPH_WRLOCK child_detached(Edge& edge) override;

private:
  // What is logged of an entry besides its numbers: memory of whole sectors, or zeroes, or a text.
  struct Content {
    const IoVector* data = nullptr;
    std::optional<std::string_view> text = std::nullopt;
  };

  bool is_aligned(uint64_t offset, uint64_t size) const {
    return offset % options_.sector == 0 && size % options_.sector == 0;
  }
  write_log::Entry entry_of(uint64_t begin, uint64_t end, write_log::Flags flags) const {
    return {begin / options_.sector, (end - begin) / options_.sector, flags};
  }

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK write_aligned(uint64_t offset,
                                                                const IoVector& from,
                                                                RequestFlags flags);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK write_unaligned(uint64_t offset,
                                                                  const IoVector& from,
                                                                  RequestFlags flags);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK zero_aligned(uint64_t offset, uint64_t size,
                                                               RequestFlags flags);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK discard_aligned(uint64_t offset, uint64_t size);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK change_length(uint64_t length);
  // That nothing is left from there on to the old length.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK append_cut(uint64_t length, uint64_t old_length);

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK append(const write_log::Entry& entry,
                                                         const Content& content);
  // Of the log: who calls these is the one whose turn it is, and there is a log.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK write_entry(uint64_t sector,
                                                              const write_log::Entry& entry,
                                                              const Content& content);
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK write_superblock(uint64_t entries);

  const Options options_;
  Edge* log_ LV_GUARDED_BY(graph_lock) = nullptr;
  // Exclusively by requests that are not aligned: they log what others have written beside them,
  // and nobody's log of that comes between.
  CoRwLock order_;
  // The log grows by one entry after the other.
  CoMutex log_mutex_;
  uint64_t next_sector_ LV_GUARDED_BY(log_mutex_) = 1;
  uint64_t entries_ LV_GUARDED_BY(log_mutex_) = 0;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_DRIVERS_BLKLOGWRITES_DRIVER_H
