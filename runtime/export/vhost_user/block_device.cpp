// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/export/vhost_user/block_device.h"

#include <algorithm>
#include <bit>

namespace lockvet::runtime::vhost_user {

namespace {

constexpr uint64_t bit(unsigned number) {
  return uint64_t{1} << number;
}

bool read_only(const ExportedDevice& device, const ServerOptions& options) {
  return options.read_only || device.read_only();
}

} // namespace

uint32_t logical_block_bytes(const ExportedDevice& device) {
  return std::max(sector_bytes, device.block_sizes().minimum);
}

uint64_t features_of(const ExportedDevice& device, const ServerOptions& options) {
  uint64_t features =
      bit(VIRTIO_F_VERSION_1) | bit(VIRTIO_RING_F_INDIRECT_DESC) | bit(VIRTIO_RING_F_EVENT_IDX) |
      bit(VIRTIO_BLK_F_SEG_MAX) | bit(VIRTIO_BLK_F_SIZE_MAX) | bit(VIRTIO_BLK_F_BLK_SIZE) |
      bit(VIRTIO_BLK_F_TOPOLOGY) | bit(VIRTIO_BLK_F_FLUSH) | bit(VIRTIO_BLK_F_CONFIG_WCE);
  if (options.queues > 1)
    features |= bit(VIRTIO_BLK_F_MQ);
  if (read_only(device, options))
    features |= bit(VIRTIO_BLK_F_RO);
  else
    features |= bit(VIRTIO_BLK_F_DISCARD) | bit(VIRTIO_BLK_F_WRITE_ZEROES);
  return features;
}

virtio_blk_config config_of(const ExportedDevice& device, const ServerOptions& options,
                            bool write_through) {
  const uint32_t block = logical_block_bytes(device);
  const uint32_t preferred = std::max(block, device.block_sizes().preferred);
  virtio_blk_config config = {};
  config.capacity = device.size() / block * (block / sector_bytes);
  // A header and a status have descriptors of their own.
  config.seg_max = std::max<uint32_t>(options.queue_size, 4) - 2;
  config.size_max = std::bit_floor(most_request_bytes / config.seg_max);
  config.blk_size = block;
  config.physical_block_exp = static_cast<uint8_t>(std::countr_zero(preferred / block));
  config.min_io_size = static_cast<uint16_t>(std::min<uint32_t>(preferred / block, UINT16_MAX));
  config.opt_io_size = 0;
  config.wce = write_through ? 0 : 1;
  config.num_queues = options.queues;
  config.max_discard_sectors = most_range_sectors;
  config.max_discard_seg = most_ranges;
  config.discard_sector_alignment = preferred / sector_bytes;
  config.max_write_zeroes_sectors = most_range_sectors;
  config.max_write_zeroes_seg = most_ranges;
  config.write_zeroes_may_unmap = 1;
  return config;
}

bool needs_write_through(uint64_t accepted_features, bool writeback) {
  // Without the command a guest can't ask for it later.
  if ((accepted_features & bit(VIRTIO_BLK_F_FLUSH)) == 0)
    return true;
  return (accepted_features & bit(VIRTIO_BLK_F_CONFIG_WCE)) != 0 && !writeback;
}

} // namespace lockvet::runtime::vhost_user
