// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/mirror_driver.h"

#include "runtime/graph/node.h"
#include "runtime/graph/paused_lock.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

std::error_code no_target() {
  return std::make_error_code(std::errc::no_such_device);
}

} // namespace

// --- by the job ----------------------------------------------------------------------------------

std::expected<CopyStep, JobFailure> MirrorDriver::co_copy(uint64_t offset, uint64_t size,
                                                          std::span<std::byte> buffer) {
  // Before the range is held, since a drained section waits for guests who wait for the range.
  node().activity().co_enter();
  std::expected<CopyStep, JobFailure> done;
  {
    const RangeHold hold(ranges_, offset, offset + size, RangeLock::Mode::exclusive);
    const CoGraphReadLock lock;
    if (file() == nullptr || target_ == nullptr)
      done = std::unexpected(JobFailure{false, no_target()});
    else
      done = co_copy_step({*file(), *target_, options_.base}, offset, size, buffer);
  }
  node().activity().leave();
  return done;
}

std::error_code MirrorDriver::co_flush_target() {
  node().activity().co_enter();
  std::error_code error;
  {
    const CoGraphReadLock lock;
    error = target_ == nullptr ? no_target() : target_->co_flush();
  }
  node().activity().leave();
  return error;
}

// --- requests ------------------------------------------------------------------------------------

void MirrorDriver::note_same(uint64_t offset, uint64_t size) noexcept {
  // Only what is in it as a whole; the rest of a granule may have to be copied yet.
  const uint64_t mask = dirty_.granularity() - 1;
  const uint64_t begin = (offset + mask) & ~mask;
  const uint64_t end = offset + size == options_.length ? offset + size : (offset + size) & ~mask;
  if (begin < end)
    dirty_.clear(begin, end - begin);
}

template <typename Body>
std::error_code MirrorDriver::co_change(uint64_t offset, uint64_t size, Body&& body) {
  if (offset + size > options_.length)
    return std::make_error_code(std::errc::no_space_on_device);
  if (file() == nullptr)
    return no_target();
  const Mode mode = this->mode();
  if (mode == Mode::off)
    return body(*file());
  if (mode == Mode::behind_guest) {
    const std::error_code error = body(*file());
    dirty_.set(offset, size);
    return error;
  }
  const RangeHold hold =
      hold_range_paused(ranges_, offset, offset + size, RangeLock::Mode::exclusive);
  const std::error_code error = body(*file());
  // A target that fails is the job's concern, which copies it again.
  if (error || target_ == nullptr || body(*target_))
    dirty_.set(offset, size);
  else
    note_same(offset, size);
  return error;
}

std::error_code MirrorDriver::co_pwritev(uint64_t offset, const IoVector& from,
                                         RequestFlags flags) {
  return co_change(offset, from.size(), [&](Edge& to) LV_COROUTINE_FN LV_GRAPH_RDLOCK {
    return to.co_pwritev(offset, from, flags);
  });
}

std::error_code MirrorDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size, RequestFlags flags) {
  return co_change(offset, size, [&](Edge& to) LV_COROUTINE_FN LV_GRAPH_RDLOCK {
    return to.co_pwrite_zeroes(offset, size, flags);
  });
}

std::error_code MirrorDriver::co_discard(uint64_t offset, uint64_t size) {
  const auto error =
      co_pwrite_zeroes(offset, size, RequestFlags::may_unmap | RequestFlags::no_fallback);
  return error == std::errc::not_supported ? std::error_code() : error;
}

std::error_code MirrorDriver::co_flush() {
  const auto error = PassThroughDriver::co_flush();
  if (flushes_both_.load(std::memory_order_acquire) && mode() != Mode::off)
    if (target_ == nullptr || target_->co_flush())
      flush_failed_.store(true, std::memory_order_release);
  return error;
}

std::error_code MirrorDriver::co_truncate(uint64_t) {
  return std::make_error_code(std::errc::device_or_resource_busy);
}

// --- the graph -----------------------------------------------------------------------------------

void MirrorDriver::child_attached(Edge& edge) {
  if (edge.name() == job_target_name)
    target_ = &edge;
  else
    PassThroughDriver::child_attached(edge);
}

void MirrorDriver::child_detached(Edge& edge) {
  if (&edge == target_)
    target_ = nullptr;
  else
    PassThroughDriver::child_detached(edge);
}

Permissions MirrorDriver::child_permissions(EdgeRole role, Permissions own) const {
  if (has_role(role, EdgeRole::filtered)) {
    // It reads also when nobody above does.
    own.used = without(own.used | Permission::consistent_read, Permission::resize);
    own.shared = without(own.shared, Permission::resize);
    return own;
  }
  // Nobody else writes to the target. Where that is below, what the disk shows stays the same.
  return {options_.base != nullptr ? Permission::write_unchanged : Permission::write,
          Permission::consistent_read};
}

} // namespace lockvet::runtime
