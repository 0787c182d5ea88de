// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The filter that a backup puts above a disk, its child "file": before something is overwritten
// that is to be in the backup and is not yet, it is copied to the child "target". So the target
// becomes an image of the moment in which the filter came. Its node owns it. Requests come from any
// context, and what nobody overwrites is copied by the job.
//
// A write waits for the granules that it touches, and for nothing else. If one can't be copied, the
// backup has failed, and not the write.

#ifndef LOCKVET_RUNTIME_JOBS_COPY_BEFORE_WRITE_DRIVER_H
#define LOCKVET_RUNTIME_JOBS_COPY_BEFORE_WRITE_DRIVER_H

#include "runtime/coroutine/range_lock.h"
#include "runtime/drivers/pass_through_driver.h"
#include "runtime/graph/dirty_bitmap.h"
#include "runtime/jobs/copy_step.h"

namespace lockvet::runtime {

class CopyBeforeWriteDriver final : public PassThroughDriver {
public:
  // In bytes, of what is copied before a write.
  static constexpr uint64_t granularity = most_copied_at_once;

  struct Options {
    // Of the disk, in bytes, which stays.
    uint64_t length = 0;
    // What it shows is not copied; see CopyRoute.
    const Node* base = nullptr;
  };

  explicit CopyBeforeWriteDriver(const Options& options)
      : options_(options), to_copy_("backup", options.length, granularity) {}

  std::string_view format_name() const noexcept override { return "copy-before-write"; }

  // --- by the job ---

  // What is to be copied and is not yet. It is all set before requests come.
  DirtyBitmap& to_copy() noexcept { return to_copy_; }

  // Copies the begin of a range of whole granules, as far as it is not yet; see co_copy_step().
  std::expected<CopyStep, JobFailure> LV_COROUTINE_FN
  co_copy(uint64_t offset, uint64_t size, std::span<std::byte> buffer) LV_GRAPH_UNLOCKED;
  std::error_code LV_COROUTINE_FN co_flush_target() LV_GRAPH_UNLOCKED;

  // Why something could not be copied before it was overwritten, if so.
  std::error_code failed() const;
  // Nothing is copied any more.
  void give_up() noexcept { to_copy_.clear_all(); }

  // --- as a driver ---

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags) override;
  // A hint, which is not followed where something would have to be copied for it.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override;
  // Refused: the backup is of a disk of that length.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override;

  void LV_GRAPH_WRLOCK child_attached(Edge& edge) override;
  void LV_GRAPH_WRLOCK child_detached(Edge& edge) override;
  Permissions LV_GRAPH_RDLOCK child_permissions(EdgeRole role, Permissions own) const override;

private:
  // Before a write; an error if it would make the disk longer.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_save(uint64_t offset, uint64_t size);
  // The range is held, and is of whole granules.
  std::expected<CopyStep, JobFailure> LV_COROUTINE_FN LV_GRAPH_RDLOCK
  co_copy_held(uint64_t offset, uint64_t size, std::span<std::byte> buffer);
  void fail(std::error_code error);

  const Options options_;
  DirtyBitmap to_copy_;
  RangeLock ranges_;
  mutable ThreadMutex mutex_;
  std::error_code failed_ LV_GUARDED_BY(mutex_);
  Edge* target_ LV_GUARDED_BY(graph_lock) = nullptr;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_COPY_BEFORE_WRITE_DRIVER_H
