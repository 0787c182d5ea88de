// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device as virtio's block devices are described (virtio 1.2, section 5.2): the features that it
// offers and its configuration space. Values, made from an exported device in any thread.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_BLOCK_DEVICE_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_BLOCK_DEVICE_H

#include "runtime/export/exported_device.h"
#include "runtime/export/vhost_user/server_options.h"
#include "runtime/export/vhost_user/virtio.h"

namespace lockvet::runtime::vhost_user {

inline constexpr uint32_t sector_bytes = 512;
// Of the data of one request; what has more is refused.
inline constexpr uint64_t most_request_bytes = 256 << 20;
// Ranges of one discard or write-zeroes request, and sectors of each.
inline constexpr uint32_t most_ranges = 16;
inline constexpr uint32_t most_range_sectors = 4 << 20;

// Without the bits of vhost-user itself.
uint64_t features_of(const ExportedDevice& device, const ServerOptions& options);

// With the size that the device has now.
virtio_blk_config config_of(const ExportedDevice& device, const ServerOptions& options,
                            bool write_through);

// Bytes in which requests are counted: offset and length are multiples of it.
uint32_t logical_block_bytes(const ExportedDevice& device);

// Whether each write has to be stable when it has ended, for a guest that has accepted these
// features and set the mode of the cache (5.2.5.2).
bool needs_write_through(uint64_t accepted_features, bool writeback);

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_BLOCK_DEVICE_H
