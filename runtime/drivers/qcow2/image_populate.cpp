// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Making an image need its backing file less, or another one.

#include "runtime/drivers/qcow2/image.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

std::error_code Image::co_populate(uint64_t offset, uint64_t size) {
  if (const auto error = check_writable(offset, size))
    return error;
  const uint64_t end = offset + size;
  for (uint64_t at = cluster_start(offset); at < end;) {
    const auto extent = co_extent(at, end - at);
    if (!extent)
      return extent.error();
    if (extent->kind != ClusterKind::unallocated) {
      at += extent->bytes;
      continue;
    }
    if (const auto error = co_populate_cluster(at))
      return error;
    at += geometry_.cluster_size();
  }
  return {};
}

std::error_code Image::co_populate_cluster(uint64_t start) {
  const RangeHold hold(ranges_, start, start + geometry_.cluster_size(), Mode::exclusive);
  const uint64_t size = size_.load(std::memory_order_relaxed);
  if (start >= size)
    return {};
  if (backing_ == nullptr)
    return has_backing() ? no_backing() : std::error_code();
  // A guest may have written it before the range was held.
  const auto extent = co_lookup_to_change(start, 1);
  if (!extent)
    return extent.error();
  if (extent->kind != ClusterKind::unallocated)
    return {};
  std::vector<std::byte> data(std::min(geometry_.cluster_size(), size - start));
  if (const auto error = backing_->co_read(start, data))
    return error;
  const bool is_zero =
      std::ranges::all_of(data, [](std::byte value) { return value == std::byte{0}; });
  if (is_zero && version_ >= 3)
    return co_clear(start, start + data.size(), Mapping::Clear::zero);
  return co_write_exclusive(start, IoVector::of_constant(data));
}

BackingFileName Image::co_backing_file_name() {
  CoLock lock(mutex_);
  const Header& header = metadata_.state().header;
  if (header.backing_name.empty())
    return {};
  return {header.backing_name, header.backing_format()};
}

std::error_code Image::co_change_backing_file_name(const BackingFileName& to) {
  if (!writable_)
    return std::make_error_code(std::errc::read_only_file_system);
  // What was copied from the old one is stable before nobody knows of that any more.
  if (const auto error = co_flush())
    return error;
  CoLock lock(mutex_);
  ImageState& state = metadata_.state();
  if (!state.corruption.empty())
    return io_error();
  if (const auto error = co_change_backing_name(state, to))
    return error;
  names_backing_ = !to.name.empty();
  return {};
}

} // namespace lockvet::runtime::qcow2
