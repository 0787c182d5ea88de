// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The numbers and layouts of the vhost-user protocol that a block device needs, from QEMU's
// docs/interop/vhost-user.rst. All is in the machine's own byte order. Values; need no lock.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_PROTOCOL_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_PROTOCOL_H

#include <bit>
#include <cstddef>
#include <cstdint>

namespace lockvet::runtime::vhost_user {

// Rings of virtio 1 are little-endian, and are read here as they are.
static_assert(std::endian::native == std::endian::little);

// What a front end sends.
enum class RequestType : uint32_t {
  get_features = 1,
  set_features = 2,
  set_owner = 3,
  reset_owner = 4,
  set_mem_table = 5,
  set_vring_num = 8,
  set_vring_addr = 9,
  set_vring_base = 10,
  get_vring_base = 11,
  set_vring_kick = 12,
  set_vring_call = 13,
  set_vring_err = 14,
  get_protocol_features = 15,
  set_protocol_features = 16,
  get_queue_num = 17,
  set_vring_enable = 18,
  set_backend_req_fd = 21,
  get_config = 24,
  set_config = 25,
  get_inflight_fd = 31,
  set_inflight_fd = 32,
  get_max_mem_slots = 36,
  add_mem_reg = 37,
  rem_mem_reg = 38,
};

// What a back end sends, on the socket of set_backend_req_fd.
enum class BackendRequestType : uint32_t { config_change = 2 };

// Of the virtio features, one that no device has: there are protocol features.
inline constexpr uint64_t feature_protocol_features = uint64_t{1} << 30;

inline constexpr uint64_t protocol_multi_queue = uint64_t{1} << 0;
inline constexpr uint64_t protocol_reply_ack = uint64_t{1} << 3;
inline constexpr uint64_t protocol_backend_request = uint64_t{1} << 5;
inline constexpr uint64_t protocol_config = uint64_t{1} << 9;
inline constexpr uint64_t protocol_inflight = uint64_t{1} << 12;
inline constexpr uint64_t protocol_memory_slots = uint64_t{1} << 15;

// In the flags of a message.
inline constexpr uint32_t version_mask = 3;
inline constexpr uint32_t version = 1;
inline constexpr uint32_t flag_reply = 1 << 2;
inline constexpr uint32_t flag_need_reply = 1 << 3;

// In the number that comes with a descriptor of a ring.
inline constexpr uint64_t ring_index_mask = 0xff;
inline constexpr uint64_t ring_no_descriptor = 1 << 8;

// Of set_config: for a field that the driver may write, or as a whole when a guest has migrated.
inline constexpr uint32_t config_writable = 0;
inline constexpr uint32_t config_migration = 1;

struct MessageHeader {
  uint32_t request;
  uint32_t flags;
  // Of the payload, in bytes.
  uint32_t size;
};
static_assert(sizeof(MessageHeader) == 12);

struct RingState {
  uint32_t index;
  uint32_t number;
};
static_assert(sizeof(RingState) == 8);

// Addresses are those of the front end's process.
struct RingAddresses {
  uint32_t index;
  uint32_t flags;
  uint64_t descriptors;
  uint64_t used;
  uint64_t available;
  uint64_t log;
};
static_assert(sizeof(RingAddresses) == 40);

struct RegionDescription {
  uint64_t guest_address;
  uint64_t size;
  // In the front end's process.
  uint64_t user_address;
  uint64_t mmap_offset;
};
static_assert(sizeof(RegionDescription) == 32);

struct SingleRegion {
  uint64_t padding;
  RegionDescription region;
};

struct MemoryTableHead {
  uint32_t regions;
  uint32_t padding;
};

// The bytes of the configuration space follow.
struct ConfigHead {
  uint32_t offset;
  uint32_t size;
  uint32_t flags;
};

struct InflightDescription {
  uint64_t mmap_size;
  uint64_t mmap_offset;
  uint16_t queues;
  uint16_t queue_size;
  uint32_t padding;
};
static_assert(sizeof(InflightDescription) == 24);

// As many descriptors come with a message at most, one for each region of a table.
inline constexpr size_t most_descriptors = 8;

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_PROTOCOL_H
