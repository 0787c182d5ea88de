// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writing to an image: in place where the cluster is its own, else to a new cluster, which takes
// along what of the old one is kept.

#include "runtime/drivers/qcow2/compression.h"
#include "runtime/drivers/qcow2/image.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

bool is_in_place(const Extent& extent) {
  return extent.kind == ClusterKind::data && extent.copied;
}

} // namespace

std::error_code Image::check_writable(uint64_t offset, uint64_t size) const {
  if (!writable_)
    return std::make_error_code(std::errc::read_only_file_system);
  const uint64_t disk = size_.load(std::memory_order_relaxed);
  if (offset > disk || size > disk - offset)
    return std::make_error_code(std::errc::invalid_argument);
  return {};
}

std::error_code Image::co_pwritev(uint64_t offset, const IoVector& from) {
  if (from.size() == 0)
    return {};
  size_t in_place = 0;
  {
    const RangeHold hold(ranges_, cluster_start(offset), cluster_end(offset + from.size()),
                         Mode::shared);
    if (const auto error = check_writable(offset, from.size()))
      return error;
    const auto written = co_write_in_place(offset, from);
    if (!written)
      return written.error();
    in_place = *written;
  }
  if (in_place == from.size())
    return {};
  const IoVector rest = from.slice(in_place, from.size() - in_place);
  offset += in_place;
  const RangeHold hold(ranges_, cluster_start(offset), cluster_end(offset + rest.size()),
                       Mode::exclusive);
  // The disk may have changed its size while nothing was held.
  if (const auto error = check_writable(offset, rest.size()))
    return error;
  return co_write_exclusive(offset, rest);
}

std::expected<Extent, std::error_code> Image::co_lookup_to_change(uint64_t offset, uint64_t bytes) {
  CoLock lock(mutex_);
  return metadata_.co_lookup_to_change(offset, bytes);
}

std::expected<size_t, std::error_code> Image::co_write_in_place(uint64_t offset,
                                                                const IoVector& from) {
  size_t written = 0;
  while (written < from.size()) {
    const auto extent = co_lookup_to_change(offset + written, from.size() - written);
    if (!extent)
      return std::unexpected(extent.error());
    if (!is_in_place(*extent))
      break;
    file_.co_event(BlockEvent::write_aio);
    if (const auto error =
            file_.co_pwritev(extent->host_offset, from.slice(written, extent->bytes)))
      return std::unexpected(error);
    written += extent->bytes;
  }
  return written;
}

std::error_code Image::co_write_exclusive(uint64_t offset, IoVector from) {
  while (from.size() > 0) {
    auto written = co_write_in_place(offset, from);
    if (written && *written == 0)
      written = co_write_new(offset, from);
    if (!written)
      return written.error();
    offset += *written;
    from = from.slice(*written, from.size() - *written);
  }
  return {};
}

std::expected<size_t, std::error_code> Image::co_write_new(uint64_t offset, const IoVector& from) {
  HostRun run{};
  bool allocated = true;
  uint64_t bytes = 0;
  const uint64_t start = cluster_start(offset);
  {
    CoLock lock(mutex_);
    const auto extent = metadata_.co_lookup_to_change(offset, from.size());
    if (!extent)
      return std::unexpected(extent.error());
    bytes = extent->bytes;
    const uint64_t clusters = geometry_.clusters(offset + bytes - start);
    if (extent->kind == ClusterKind::zero_allocated && extent->copied) {
      const uint64_t host = cluster_start(extent->host_offset);
      allocated = false;
      run = {host >> geometry_.cluster_bits, clusters};
      if (const auto error = metadata_.co_check_place(run))
        return std::unexpected(error);
    } else {
      const auto found = metadata_.co_allocate(clusters);
      if (!found)
        return std::unexpected(found.error());
      run = *found;
      bytes = std::min(bytes, start + (run.clusters << geometry_.cluster_bits) - offset);
    }
  }
  auto error = co_fill_new(offset, from.slice(0, bytes), run);
  CoLock lock(mutex_);
  if (!error)
    error = metadata_.co_point_to_data(start, run);
  else if (allocated)
    metadata_.co_give_up(run);
  if (error)
    return std::unexpected(error);
  return bytes;
}

std::error_code Image::co_fill_new(uint64_t offset, const IoVector& from, HostRun run) {
  const uint64_t start = cluster_start(offset);
  const uint64_t host = run.first_cluster << geometry_.cluster_bits;
  const uint64_t head = offset - start;
  const uint64_t written_end = head + from.size();
  const uint64_t tail = (run.clusters << geometry_.cluster_bits) - written_end;
  if (head == 0 && tail == 0) {
    file_.co_event(BlockEvent::write_aio);
    return file_.co_pwritev(host, from);
  }
  std::vector<std::byte> copied(head + tail);
  const IoVector before(copied.data(), head);
  const IoVector behind(copied.data() + head, tail);
  file_.co_event(BlockEvent::cow_read);
  if (const auto error = co_read_range(start, before))
    return error;
  if (const auto error = co_read_range(start + written_end, behind))
    return error;
  // What is copied and what is written goes to the file in one request.
  std::vector<iovec> pieces;
  for (const IoVector* part : {&before, &from, &behind})
    part->for_each([&](std::byte* at, size_t size) { pieces.push_back({at, size}); });
  file_.co_event(BlockEvent::write_aio);
  return file_.co_pwritev(host, IoVector(pieces));
}

std::error_code Image::co_write_compressed(uint64_t offset, std::span<const std::byte> from) {
  const uint64_t cluster_size = geometry_.cluster_size();
  const RangeHold hold(ranges_, cluster_start(offset), cluster_end(offset + from.size()),
                       Mode::exclusive);
  if (const auto error = check_writable(offset, from.size()))
    return error;
  const uint64_t left = size_.load(std::memory_order_relaxed) - offset;
  if (!geometry_.is_aligned(offset) || from.size() != std::min(cluster_size, left))
    return std::make_error_code(std::errc::invalid_argument);
  std::vector<std::byte> cluster(from.begin(), from.end());
  cluster.resize(cluster_size);
  const auto compressed = compress(compression_, cluster);
  if (!compressed)
    return co_write_exclusive(offset, IoVector::of_constant(from));
  uint64_t host = 0;
  {
    CoLock lock(mutex_);
    const auto place = metadata_.co_allocate_compressed(compressed->size());
    if (!place)
      return place.error();
    host = *place;
  }
  file_.co_event(BlockEvent::write_compressed);
  const auto error = file_.co_write(host, *compressed);
  CoLock lock(mutex_);
  if (!error)
    return metadata_.co_point_to_compressed(offset, host, compressed->size());
  metadata_.co_give_up_compressed(host, compressed->size());
  return error;
}

std::error_code Image::co_flush() {
  if (!writable_)
    return {};
  {
    CoLock lock(mutex_);
    file_.co_event(BlockEvent::flush_to_os);
    if (metadata_.dirty())
      if (const auto error = metadata_.co_write_back())
        return error;
  }
  file_.co_event(BlockEvent::flush_to_disk);
  return file_.co_flush();
}

} // namespace lockvet::runtime::qcow2
