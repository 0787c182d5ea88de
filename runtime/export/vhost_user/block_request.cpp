// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/block_request.h"

#include "runtime/graph/io_vector.h"

#include <algorithm>

namespace lockvet::runtime::vhost_user {

namespace {

uint64_t bytes_in(const std::vector<iovec>& pieces) {
  uint64_t bytes = 0;
  for (const iovec& piece : pieces)
    bytes += piece.iov_len;
  return bytes;
}

void drop_front(std::vector<iovec>& pieces, size_t bytes) {
  auto first = pieces.begin();
  while (first != pieces.end() && first->iov_len <= bytes) {
    bytes -= first->iov_len;
    ++first;
  }
  pieces.erase(pieces.begin(), first);
  if (bytes > 0) {
    pieces.front().iov_base = static_cast<std::byte*>(pieces.front().iov_base) + bytes;
    pieces.front().iov_len -= bytes;
  }
}

void copy_to_host(const std::vector<iovec>& pieces, void* to, size_t bytes) {
  IoVector(pieces).slice(0, bytes).copy_to(to);
  // As copy_from_guest() does it.
  asm volatile("" ::: "memory");
}

bool is_not_supported(std::error_code error) {
  return error == std::errc::not_supported || error == std::errc::operation_not_supported;
}

uint8_t status_of(std::error_code error) {
  if (!error)
    return VIRTIO_BLK_S_OK;
  return is_not_supported(error) ? VIRTIO_BLK_S_UNSUPP : VIRTIO_BLK_S_IOERR;
}

} // namespace

std::expected<void, std::string> BlockRequest::parse(Chain& chain) {
  // A device must not depend on how a driver divides it among descriptors.
  if (bytes_in(chain.readable) < sizeof header_)
    return std::unexpected("a request has no header");
  if (chain.writable.empty())
    return std::unexpected("a request has no room for its status");
  copy_to_host(chain.readable, &header_, sizeof header_);
  drop_front(chain.readable, sizeof header_);
  iovec& last = chain.writable.back();
  --last.iov_len;
  status_ = static_cast<std::byte*>(last.iov_base) + last.iov_len;
  if (last.iov_len == 0)
    chain.writable.pop_back();
  writable_bytes_ =
      static_cast<uint32_t>(std::min<uint64_t>(bytes_in(chain.writable), most_request_bytes));
  range_count_ = 0;
  return {};
}

uint8_t BlockRequest::check(const Chain& chain, const BlockTarget& target) {
  switch (header_.type) {
  case VIRTIO_BLK_T_IN:
    return check_data(bytes_in(chain.writable), target);
  case VIRTIO_BLK_T_OUT:
    if (target.read_only)
      return VIRTIO_BLK_S_IOERR;
    return check_data(bytes_in(chain.readable), target);
  case VIRTIO_BLK_T_FLUSH:
    return VIRTIO_BLK_S_OK;
  case VIRTIO_BLK_T_GET_ID:
    return bytes_in(chain.writable) >= target.serial.size() ? VIRTIO_BLK_S_OK : VIRTIO_BLK_S_IOERR;
  case VIRTIO_BLK_T_DISCARD:
  case VIRTIO_BLK_T_WRITE_ZEROES:
    return target.read_only ? VIRTIO_BLK_S_IOERR : take_ranges(chain, target);
  default:
    return VIRTIO_BLK_S_UNSUPP;
  }
}

uint8_t BlockRequest::check_data(uint64_t bytes, const BlockTarget& target) const {
  const uint64_t size = target.device->size();
  const bool inside = bytes <= most_request_bytes && bytes <= size &&
                      header_.sector <= (size - bytes) / sector_bytes;
  const bool whole = bytes > 0 && bytes % target.block_bytes == 0 &&
                     header_.sector % (target.block_bytes / sector_bytes) == 0;
  return inside && whole ? VIRTIO_BLK_S_OK : VIRTIO_BLK_S_IOERR;
}

uint8_t BlockRequest::take_ranges(const Chain& chain, const BlockTarget& target) {
  const uint64_t bytes = bytes_in(chain.readable);
  if (bytes == 0 || bytes % sizeof(Range) != 0 || bytes > sizeof ranges_)
    return VIRTIO_BLK_S_IOERR;
  copy_to_host(chain.readable, ranges_.data(), bytes);
  range_count_ = bytes / sizeof(Range);
  const bool may_unmap = header_.type == VIRTIO_BLK_T_WRITE_ZEROES;
  const uint64_t sectors = target.device->size() / sector_bytes;
  const uint32_t block_sectors = target.block_bytes / sector_bytes;
  for (const Range& range : std::span(ranges_).first(range_count_)) {
    if ((range.flags & ~(may_unmap ? VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP : 0U)) != 0)
      return VIRTIO_BLK_S_UNSUPP;
    if (range.num_sectors > most_range_sectors || range.num_sectors > sectors ||
        range.sector > sectors - range.num_sectors || range.sector % block_sectors != 0 ||
        range.num_sectors % block_sectors != 0)
      return VIRTIO_BLK_S_IOERR;
  }
  return VIRTIO_BLK_S_OK;
}

uint8_t BlockRequest::co_execute(const Chain& chain, const BlockTarget& target) {
  ExportedDevice& device = *target.device;
  switch (header_.type) {
  case VIRTIO_BLK_T_IN:
    return status_of(device.co_preadv(header_.sector * sector_bytes, chain.writable));
  case VIRTIO_BLK_T_OUT:
    return status_of(device.co_pwritev(header_.sector * sector_bytes, chain.readable,
                                       {.force_unit_access = target.write_through}));
  case VIRTIO_BLK_T_FLUSH:
    return status_of(device.co_flush());
  case VIRTIO_BLK_T_GET_ID:
    IoVector(chain.writable).slice(0, target.serial.size()).copy_from(target.serial.data());
    writable_bytes_ = target.serial.size();
    return VIRTIO_BLK_S_OK;
  default:
    return status_of(co_change_ranges(target));
  }
}

std::error_code BlockRequest::co_change_ranges(const BlockTarget& target) {
  for (const Range& range : std::span(ranges_).first(range_count_)) {
    const uint64_t offset = range.sector * sector_bytes;
    const uint64_t length = uint64_t{range.num_sectors} * sector_bytes;
    if (length == 0)
      continue;
    ExportedDevice::WriteFlags flags{.force_unit_access = target.write_through};
    std::error_code failed;
    if (header_.type == VIRTIO_BLK_T_WRITE_ZEROES) {
      flags.may_unmap = (range.flags & VIRTIO_BLK_WRITE_ZEROES_FLAG_UNMAP) != 0;
      failed = target.device->co_write_zeroes(offset, length, flags);
    } else {
      failed = target.device->co_trim(offset, length, flags);
      // It was a hint.
      if (is_not_supported(failed))
        failed = {};
    }
    if (failed)
      return failed;
  }
  return {};
}

uint32_t BlockRequest::finish(uint8_t status) {
  *status_ = std::byte{status};
  // What a failed read has left is not said, so that nothing counts as written that may not be.
  if (status != VIRTIO_BLK_S_OK && writable_bytes_ > 0)
    return 0;
  return writable_bytes_ + 1;
}

} // namespace lockvet::runtime::vhost_user
