// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/jobs/copy_before_write_driver.h"

#include "runtime/graph/node.h"
#include "runtime/graph/paused_lock.h"

#include <algorithm>

namespace lockvet::runtime {

namespace {

std::error_code no_child() {
  return std::make_error_code(std::errc::no_such_device);
}

} // namespace

// --- copying -------------------------------------------------------------------------------------

std::expected<CopyStep, JobFailure>
CopyBeforeWriteDriver::co_copy_held(uint64_t offset, uint64_t size, std::span<std::byte> buffer) {
  // Others may have copied some of it by now.
  const auto area = to_copy_.next_dirty(offset, offset + size);
  if (!area)
    return CopyStep{size, CopyStep::Kind::skipped};
  if (file() == nullptr || target_ == nullptr)
    return std::unexpected(JobFailure{false, no_child()});
  const CopyRoute route{*file(), *target_, options_.base};
  auto step = co_copy_step(route, area->offset, area->size, buffer);
  if (!step || step->bytes == 0)
    return step;
  uint64_t at = area->offset + step->bytes;
  // To the end of a granule, of which only the whole is known to be copied.
  while (at < area->end() && at % granularity != 0) {
    const uint64_t rest = std::min(area->end() - at, granularity - at % granularity);
    step = co_copy_step(route, at, rest, buffer);
    if (!step)
      return step;
    at += step->bytes;
  }
  to_copy_.clear(area->offset, at - area->offset);
  return CopyStep{at - offset, step->kind};
}

std::expected<CopyStep, JobFailure> CopyBeforeWriteDriver::co_copy(uint64_t offset, uint64_t size,
                                                                   std::span<std::byte> buffer) {
  // Before the range is held, since a drained section waits for guests who wait for the range.
  node().activity().co_enter();
  std::expected<CopyStep, JobFailure> step;
  {
    const RangeHold hold(ranges_, offset, offset + size, RangeLock::Mode::exclusive);
    const CoGraphReadLock lock;
    step = co_copy_held(offset, size, buffer);
  }
  node().activity().leave();
  return step;
}

std::error_code CopyBeforeWriteDriver::co_flush_target() {
  node().activity().co_enter();
  std::error_code error;
  {
    const CoGraphReadLock lock;
    error = target_ == nullptr ? no_child() : target_->co_flush();
  }
  node().activity().leave();
  return error;
}

std::error_code CopyBeforeWriteDriver::failed() const {
  ThreadLock lock(mutex_);
  return failed_;
}

void CopyBeforeWriteDriver::fail(std::error_code error) {
  {
    ThreadLock lock(mutex_);
    if (!failed_)
      failed_ = error;
  }
  // What there is of the backup is of no use, so that no write need wait for more of it.
  give_up();
}

// --- requests ------------------------------------------------------------------------------------

std::error_code CopyBeforeWriteDriver::co_save(uint64_t offset, uint64_t size) {
  if (offset + size > options_.length)
    return std::make_error_code(std::errc::no_space_on_device);
  if (!to_copy_.dirty(offset, size)) [[likely]]
    return {};
  std::vector<std::byte> buffer(granularity);
  const uint64_t end = std::min(options_.length, offset + size);
  for (uint64_t at = offset / granularity * granularity; at < end; at += granularity) {
    const uint64_t bytes = std::min(granularity, options_.length - at);
    if (!to_copy_.dirty(at, bytes))
      continue;
    const RangeHold hold = hold_range_paused(ranges_, at, at + bytes, RangeLock::Mode::exclusive);
    if (const auto step = co_copy_held(at, bytes, buffer); !step)
      fail(step.error().error);
  }
  return {};
}

std::error_code CopyBeforeWriteDriver::co_pwritev(uint64_t offset, const IoVector& from,
                                                  RequestFlags flags) {
  if (const auto error = co_save(offset, from.size()))
    return error;
  return PassThroughDriver::co_pwritev(offset, from, flags);
}

std::error_code CopyBeforeWriteDriver::co_pwrite_zeroes(uint64_t offset, uint64_t size,
                                                        RequestFlags flags) {
  if (const auto error = co_save(offset, size))
    return error;
  return PassThroughDriver::co_pwrite_zeroes(offset, size, flags);
}

std::error_code CopyBeforeWriteDriver::co_discard(uint64_t offset, uint64_t size) {
  if (to_copy_.dirty(offset, size))
    return {};
  return PassThroughDriver::co_discard(offset, size);
}

std::error_code CopyBeforeWriteDriver::co_truncate(uint64_t) {
  return std::make_error_code(std::errc::device_or_resource_busy);
}

// --- the graph -----------------------------------------------------------------------------------

void CopyBeforeWriteDriver::child_attached(Edge& edge) {
  if (edge.name() == job_target_name)
    target_ = &edge;
  else
    PassThroughDriver::child_attached(edge);
}

void CopyBeforeWriteDriver::child_detached(Edge& edge) {
  if (&edge == target_)
    target_ = nullptr;
  else
    PassThroughDriver::child_detached(edge);
}

Permissions CopyBeforeWriteDriver::child_permissions(EdgeRole role, Permissions own) const {
  if (has_role(role, EdgeRole::filtered)) {
    // It reads also when nobody above does, and what others write here would not be in the backup.
    own.used = without(own.used | Permission::consistent_read, Permission::resize);
    own.shared = without(own.shared, Permission::write | Permission::resize);
    return own;
  }
  return {Permission::write, Permission::consistent_read};
}

} // namespace lockvet::runtime
