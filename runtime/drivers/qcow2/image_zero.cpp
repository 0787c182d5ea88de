// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What takes data away from an image: zeroes, discards, and other sizes of the disk.

#include "runtime/drivers/qcow2/image.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

constexpr uint64_t most_zero_buffer = uint64_t{1} << 20;

} // namespace

std::error_code Image::co_write_zeroes(uint64_t offset, uint64_t size, bool may_unmap) {
  if (size == 0)
    return {};
  if (const auto error = check_writable(offset, size))
    return error;
  const uint64_t end = offset + size;
  // Version 2 has no cluster that is zero without its data, nor one that hides the backing file.
  if (version_ < 3 && has_backing())
    return co_zero_part(offset, size);
  const uint64_t first = std::min(cluster_end(offset), end);
  // What of the last cluster is behind the disk's end needs no care.
  const bool to_the_end = end == size_.load(std::memory_order_relaxed);
  const uint64_t last = std::max(first, to_the_end ? end : cluster_start(end));
  if (first > offset)
    if (const auto error = co_zero_part(offset, first - offset))
      return error;
  if (last > first)
    if (const auto error = co_zero_clusters(first, last - first, may_unmap))
      return error;
  return last < end ? co_zero_part(last, end - last) : std::error_code();
}

std::error_code Image::co_zero_part(uint64_t offset, uint64_t size) {
  const std::vector<std::byte> zeroes(std::min(size, most_zero_buffer));
  while (size > 0) {
    uint64_t bytes = std::min<uint64_t>(size, zeroes.size());
    const auto extent = co_extent(offset, bytes);
    if (!extent)
      return extent.error();
    bytes = extent->bytes;
    const bool is_zero = extent->kind == ClusterKind::zero ||
                         extent->kind == ClusterKind::zero_allocated ||
                         (extent->kind == ClusterKind::unallocated && !has_backing());
    if (!is_zero)
      if (const auto error = co_write(offset, std::span(zeroes).first(bytes)))
        return error;
    offset += bytes;
    size -= bytes;
  }
  return {};
}

std::error_code Image::co_zero_clusters(uint64_t offset, uint64_t size, bool may_unmap) {
  const RangeHold hold(ranges_, offset, cluster_end(offset + size), Mode::exclusive);
  if (const auto error = check_writable(offset, size))
    return error;
  const auto how = version_ < 3 ? Mapping::Clear::unallocate
                   : may_unmap  ? Mapping::Clear::zero
                                : Mapping::Clear::zero_keeping_space;
  return co_clear(offset, offset + size, how);
}

std::error_code Image::co_clear(uint64_t offset, uint64_t end, Mapping::Clear how) {
  while (offset < end) {
    const uint64_t table_end = (geometry_.l1_index(offset) + 1) * geometry_.bytes_per_l2();
    const uint64_t piece_end = std::min(table_end, cluster_end(end));
    CoLock lock(mutex_);
    // Where there is no table everything is unallocated.
    const bool nothing_there = !metadata_.has_table(offset);
    if (!nothing_there || (how != Mapping::Clear::unallocate && has_backing()))
      if (const auto error =
              metadata_.co_clear(offset, geometry_.clusters(piece_end - offset), how))
        return error;
    offset = piece_end;
  }
  return {};
}

std::error_code Image::co_discard(uint64_t offset, uint64_t size) {
  if (const auto error = check_writable(offset, size))
    return error;
  const bool to_the_end = offset + size == size_.load(std::memory_order_relaxed);
  const uint64_t first = cluster_end(offset);
  const uint64_t end = to_the_end ? offset + size : cluster_start(offset + size);
  // It is a hint, and what the backing file has must not show again.
  if (first >= end || (version_ < 3 && has_backing()))
    return {};
  const RangeHold hold(ranges_, first, cluster_end(end), Mode::exclusive);
  if (const auto error = check_writable(first, end - first))
    return error;
  return co_clear(first, end, has_backing() ? Mapping::Clear::zero : Mapping::Clear::unallocate);
}

bool Image::zeroes_without_data(uint64_t offset, uint64_t size) const noexcept {
  const uint64_t end = offset + size;
  return (version_ >= 3 || !has_backing()) && geometry_.is_aligned(offset) &&
         (geometry_.is_aligned(end) || end == size_.load(std::memory_order_relaxed));
}

std::error_code Image::co_truncate(uint64_t size) {
  const RangeHold hold(ranges_, 0, ~uint64_t{0}, Mode::exclusive);
  return co_resize(size);
}

std::error_code Image::co_grow_to(uint64_t size) {
  const RangeHold hold(ranges_, 0, ~uint64_t{0}, Mode::exclusive);
  return size > size_.load(std::memory_order_relaxed) ? co_resize(size) : std::error_code();
}

std::error_code Image::co_resize(uint64_t size) {
  if (const auto error = check_writable(0, 0))
    return error;
  const uint64_t old_size = size_.load(std::memory_order_relaxed);
  if (size > old_size)
    if (const auto error = co_grow(old_size, size))
      return error;
  CoLock lock(mutex_);
  if (size < old_size)
    if (const auto error = metadata_.co_drop_behind(size))
      return error;
  if (const auto error = metadata_.co_write_back())
    return error;
  if (const auto error = file_.co_flush())
    return error;
  if (const auto error = metadata_.co_set_size(size))
    return error;
  size_.store(size, std::memory_order_relaxed);
  return {};
}

// The new part reads as zeroes, and not as what was behind the old end, here or in the backing
// file. Only then the header says that it is there.
std::error_code Image::co_grow(uint64_t old_size, uint64_t new_size) {
  {
    CoLock lock(mutex_);
    if (const auto error = metadata_.co_make_room_for(new_size))
      return error;
  }
  const uint64_t start = cluster_end(old_size);
  if (start > old_size) {
    const auto extent = co_lookup(old_size, start - old_size);
    if (!extent)
      return extent.error();
    const std::vector<std::byte> zeroes(start - old_size);
    if (extent->kind != ClusterKind::unallocated || has_backing())
      if (const auto error = co_write_exclusive(old_size, IoVector::of_constant(zeroes)))
        return error;
  }
  if (start >= new_size)
    return {};
  uint64_t covered = start;
  if (has_backing()) {
    if (backing_ == nullptr)
      return no_backing();
    const auto backing_size = backing_->co_size();
    if (!backing_size)
      return backing_size.error();
    covered = std::clamp(*backing_size, start, new_size);
  }
  if (const auto error = co_clear(start, new_size, Mapping::Clear::unallocate))
    return error;
  if (version_ >= 3)
    return co_clear(start, covered, Mapping::Clear::zero);
  const std::vector<std::byte> zeroes(std::min(covered - start, most_zero_buffer));
  for (uint64_t offset = start; offset < covered;) {
    const uint64_t bytes = std::min<uint64_t>(zeroes.size(), covered - offset);
    if (const auto error =
            co_write_exclusive(offset, IoVector::of_constant(std::span(zeroes).first(bytes))))
      return error;
    offset += bytes;
  }
  return {};
}

} // namespace lockvet::runtime::qcow2
