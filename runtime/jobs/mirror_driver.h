// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The filter that a mirror puts above a disk, its child "file": it notes what is written, or writes
// it to the child "target" as well, and copies to it what has been noted. Its node owns it.
// Requests come from any context, and the copying is done by the job, as what the driver does of
// its own accord.
//
// Behind the guest, no request waits for the copy: what is written while it is copied is noted
// again. Beside the guest (QEMU's write-blocking), a write goes to both and holds its range
// meanwhile, as the copy holds what it copies; so there is never more to copy than before.

#ifndef LOCKVET_RUNTIME_JOBS_MIRROR_DRIVER_H
#define LOCKVET_RUNTIME_JOBS_MIRROR_DRIVER_H

#include "runtime/coroutine/range_lock.h"
#include "runtime/drivers/pass_through_driver.h"
#include "runtime/graph/dirty_bitmap.h"
#include "runtime/jobs/copy_step.h"

namespace lockvet::runtime {

class MirrorDriver final : public PassThroughDriver {
public:
  enum class Mode : uint8_t {
    behind_guest,
    beside_guest,
    // Requests pass, and nothing is noted any more.
    off,
  };
  struct Options {
    // Of the disk, in bytes, which stays.
    uint64_t length = 0;
    // Of the notes; see DirtyBitmap.
    uint64_t granularity = 0;
    Mode mode = Mode::behind_guest;
    // A commit writes into what the disk shows anyway: see CopyRoute.
    const Node* base = nullptr;
  };

  explicit MirrorDriver(const Options& options)
      : options_(options), mode_(options.mode),
        dirty_("mirror", options.length, options.granularity) {}

  std::string_view format_name() const noexcept override { return "mirror"; }

  // --- by the job ---

  // What has to be copied. Its user clears a bit before it has the place copied.
  DirtyBitmap& dirty() noexcept { return dirty_; }
  Mode mode() const noexcept { return mode_.load(std::memory_order_acquire); }
  // While the node is drained, so that no request is between two of them.
  void set_mode(Mode mode) LV_MAIN_LOOP { mode_.store(mode, std::memory_order_release); }

  // Copies the begin of the range; see co_copy_step().
  std::expected<CopyStep, JobFailure> LV_COROUTINE_FN
  co_copy(uint64_t offset, uint64_t size, std::span<std::byte> buffer) LV_GRAPH_UNLOCKED;
  std::error_code LV_COROUTINE_FN co_flush_target() LV_GRAPH_UNLOCKED;
  // From now on a guest's flush is one of the target, too, so that the target can take the place of
  // the disk at any time.
  void flush_both() noexcept { flushes_both_.store(true, std::memory_order_release); }
  // Whether the target has all that the disk has, and has been flushed as that was. While the node
  // is drained, and nothing is being copied.
  bool can_replace_disk() const noexcept {
    return dirty_.count() == 0 && !flush_failed_.load(std::memory_order_acquire);
  }

  // --- as a driver ---

  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwritev(uint64_t offset, const IoVector& from,
                                                             RequestFlags flags) override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_flush() override;
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                                   RequestFlags flags) override;
  // Written as zeroes, if the disk can do that fast: what is there afterwards has to be the same in
  // both.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_discard(uint64_t offset,
                                                             uint64_t size) override;
  // Refused: the target has the length that it has.
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_truncate(uint64_t length) override;

  void LV_GRAPH_WRLOCK child_attached(Edge& edge) override;
  void LV_GRAPH_WRLOCK child_detached(Edge& edge) override;
  Permissions LV_GRAPH_RDLOCK child_permissions(EdgeRole role, Permissions own) const override;

private:
  // A change of a range: `body` makes it in what it gets, first the disk, then the target.
  template <typename Body>
  std::error_code LV_COROUTINE_FN LV_GRAPH_RDLOCK co_change(uint64_t offset, uint64_t size,
                                                            Body&& body);
  // The target has what the disk has there.
  void note_same(uint64_t offset, uint64_t size) noexcept;

  const Options options_;
  std::atomic<Mode> mode_;
  std::atomic<bool> flushes_both_ = false;
  std::atomic<bool> flush_failed_ = false;
  DirtyBitmap dirty_;
  RangeLock ranges_;
  Edge* target_ LV_GUARDED_BY(graph_lock) = nullptr;
};

} // namespace lockvet::runtime

#endif // LOCKVET_RUNTIME_JOBS_MIRROR_DRIVER_H
