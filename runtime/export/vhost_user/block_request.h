// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A request to a virtio block device (virtio 1.2, section 5.2.6): parsed out of a chain and
// checked, and carried out in a coroutine. A queue owns it, with the chain that it came in; what it
// refers to is the guest's memory, which may change, and of which nothing that was checked is read
// twice.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_BLOCK_REQUEST_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_BLOCK_REQUEST_H

#include "runtime/export/vhost_user/block_device.h"
#include "runtime/export/vhost_user/split_ring.h"

#include <array>

namespace lockvet::runtime::vhost_user {

// What of a device and its front end a request needs.
struct BlockTarget {
  ExportedDevice* device = nullptr;
  bool read_only = false;
  bool write_through = false;
  uint32_t block_bytes = sector_bytes;
  std::array<char, VIRTIO_BLK_ID_BYTES> serial = {};
};

class BlockRequest {
public:
  // Takes header and status off the chain's lists, so that data is left in them. The error is a
  // sentence: the chain is no request, and there is nowhere to say so.
  std::expected<void, std::string> parse(Chain& chain);

  // Checks it against the device, and reads what else it brings along. VIRTIO_BLK_S_OK if it is to
  // be executed.
  uint8_t check(const Chain& chain, const BlockTarget& target);

  // Returns a VIRTIO_BLK_S_*.
  uint8_t LV_COROUTINE_FN co_execute(const Chain& chain, const BlockTarget& target);

  // Tells the guest; returns how many bytes of its memory are written, from its beginning.
  uint32_t finish(uint8_t status);

private:
  using Range = virtio_blk_discard_write_zeroes;

  uint8_t check_data(uint64_t bytes, const BlockTarget& target) const;
  uint8_t take_ranges(const Chain& chain, const BlockTarget& target);
  std::error_code LV_COROUTINE_FN co_change_ranges(const BlockTarget& target);

  virtio_blk_outhdr header_ = {};
  std::byte* status_ = nullptr;
  // Of the memory that the device writes, without the status.
  uint32_t writable_bytes_ = 0;
  // Of a discard or write-zeroes.
  std::array<Range, most_ranges> ranges_;
  size_t range_count_ = 0;
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_BLOCK_REQUEST_H
