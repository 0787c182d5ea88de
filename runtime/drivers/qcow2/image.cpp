// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Opening and closing an image, and reading it.

#include "runtime/drivers/qcow2/image.h"

#include "runtime/drivers/qcow2/check.h"
#include "runtime/drivers/qcow2/compression.h"

#include <algorithm>

namespace lockvet::runtime::qcow2 {

namespace {

// As QEMU does: whoever writes with lazy reference counts leaves them to the next one who opens the
// image if it is killed, and says so by this bit.
Result<> LV_COROUTINE_FN co_repair_dirty(ImageFile& file) {
  const auto report = co_check(file, Repair::all);
  if (!report)
    return std::unexpected(report.error());
  if (!report->clean())
    return fail(std::errc::read_only_file_system,
                "the image has the feature 'dirty bit' set, and can't be repaired: " +
                    report->problems.front());
  return {};
}

} // namespace

Result<Header> co_read_header(ImageFile& file, HeaderUse use) {
  const auto file_size = file.co_size();
  if (!file_size)
    return failed_while("asking for the size of the file", file_size.error());
  std::vector<std::byte> bytes(std::min<uint64_t>(*file_size, Header::least_bytes));
  if (const auto error = file.co_read(0, bytes))
    return failed_while("reading the header", error);
  const auto size = first_cluster_size(bytes);
  if (!size)
    return std::unexpected(size.error());
  bytes.resize(std::min(*file_size, *size));
  if (const auto error = file.co_read(0, bytes))
    return failed_while("reading the header", error);
  return parse_header(bytes, *file_size, use);
}

Image::Image(ImageFile& file, Header header, const OpenOptions& options)
    : file_(file), backing_(options.backing), names_backing_(!header.backing_name.empty()),
      geometry_(header.geometry), version_(header.version), compression_(header.compression),
      writable_(options.writable), size_(header.size), metadata_(file, std::move(header), options) {
}

Result<std::unique_ptr<Image>> Image::co_open(ImageFile& file, OpenOptions options) {
  auto header = co_read_header(file);
  if (!header)
    return std::unexpected(header.error());
  if (options.writable && header->has(feature_corrupt))
    return fail(std::errc::read_only_file_system,
                "the image has the feature 'corrupt bit' set, and can be read only until it is "
                "repaired");
  if (options.writable && header->has(feature_dirty)) {
    if (auto repaired = co_repair_dirty(file); !repaired)
      return std::unexpected(repaired.error());
    header = co_read_header(file);
    if (!header)
      return std::unexpected(header.error());
  }
  const auto file_size = file.co_size();
  if (!file_size)
    return failed_while("asking for the size of the file", file_size.error());
  auto image = std::make_unique<Image>(file, std::move(*header), options);
  CoLock lock(image->mutex_);
  if (auto loaded = image->metadata_.co_load(*file_size); !loaded)
    return std::unexpected(loaded.error());
  image->list_snapshots();
  auto bitmaps = image->metadata_.co_read_bitmaps();
  if (!bitmaps)
    return std::unexpected(bitmaps.error());
  image->bitmaps_ = std::move(*bitmaps);
  // Before anybody writes.
  if (options.writable)
    if (const auto error = image->metadata_.co_begin_use())
      return failed_while("marking the bitmaps as in use", error);
  return image;
}

std::error_code Image::co_close() {
  CoLock lock(mutex_);
  if (!writable_)
    return {};
  while (metadata_.deletes())
    if (const auto error = metadata_.co_continue_deletion())
      return error;
  // Writing back lowers counts, which are written then.
  while (metadata_.dirty())
    if (const auto error = metadata_.co_write_back())
      return error;
  return file_.co_flush();
}

std::string Image::co_corruption() {
  CoLock lock(mutex_);
  return metadata_.state().corruption;
}

std::expected<uint64_t, std::error_code> Image::co_size() {
  return size();
}

std::expected<Extent, std::error_code> Image::co_lookup(uint64_t offset, uint64_t bytes) {
  CoLock lock(mutex_);
  return metadata_.co_lookup(offset, bytes);
}

std::expected<Extent, std::error_code> Image::co_extent(uint64_t offset, uint64_t bytes) {
  const RangeHold hold(ranges_, cluster_start(offset), cluster_end(offset + bytes), Mode::shared);
  return co_lookup(offset, bytes);
}

std::error_code Image::co_preadv(uint64_t offset, const IoVector& to) {
  if (to.size() == 0)
    return {};
  const RangeHold hold(ranges_, cluster_start(offset), cluster_end(offset + to.size()),
                       Mode::shared);
  const uint64_t size = size_.load(std::memory_order_relaxed);
  const size_t inside = offset < size ? std::min<uint64_t>(to.size(), size - offset) : 0;
  to.slice(inside, to.size() - inside).fill(0);
  return co_read_range(offset, to.slice(0, inside));
}

std::error_code Image::co_read_range(uint64_t offset, IoVector to) {
  while (to.size() > 0) {
    const auto extent = co_lookup(offset, to.size());
    if (!extent)
      return extent.error();
    if (const auto error = co_read_extent(*extent, offset, to.slice(0, extent->bytes)))
      return error;
    to = to.slice(extent->bytes, to.size() - extent->bytes);
    offset += extent->bytes;
  }
  return {};
}

std::error_code Image::co_read_extent(const Extent& extent, uint64_t offset, const IoVector& to) {
  switch (extent.kind) {
  case ClusterKind::data:
    file_.co_event(BlockEvent::read_aio);
    return file_.co_preadv(extent.host_offset, to);
  case ClusterKind::compressed:
    return co_read_compressed(extent, geometry_.offset_in_cluster(offset), to);
  case ClusterKind::unallocated:
    if (backing_ != nullptr) {
      file_.co_event(BlockEvent::read_backing_aio);
      return backing_->co_preadv(offset, to);
    }
    if (names_backing_)
      return no_backing();
    [[fallthrough]];
  default:
    to.fill(0);
    return {};
  }
}

std::error_code Image::co_read_compressed(const Extent& extent, uint64_t in_cluster,
                                          const IoVector& to) {
  // A stream that ends where the file does may have sectors beyond it in its size.
  std::vector<std::byte> compressed(extent.compressed_size);
  file_.co_event(BlockEvent::read_compressed);
  if (const auto error = file_.co_read(extent.host_offset, compressed))
    return error;
  std::vector<std::byte> cluster(geometry_.cluster_size());
  if (!decompress(compression_, compressed, cluster))
    return io_error();
  to.copy_from(cluster.data() + in_cluster);
  return {};
}

} // namespace lockvet::runtime::qcow2
