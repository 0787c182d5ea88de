// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The memory in which a ring's requests in flight are noted, so that after the back end's death its
// successor submits again what was not completed: the layout and the steps are those of "Inflight
// I/O tracking" in vhost-user's specification, for split rings. The front end keeps the memory
// meanwhile. A queue uses its own part, in its context's thread, and believes no index in it.

#ifndef LOCKVET_RUNTIME_EXPORT_VHOST_USER_INFLIGHT_REGION_H
#define LOCKVET_RUNTIME_EXPORT_VHOST_USER_INFLIGHT_REGION_H

#include "runtime/export/vhost_user/guest_memory.h"

namespace lockvet::runtime::vhost_user {

// The part of one ring.
class InflightRegion {
public:
  // What the memory of one ring of that size takes.
  static uint64_t bytes_for(uint32_t ring_size);

  // `memory` has that many bytes, is aligned to 64 and stays.
  InflightRegion(std::byte* memory, uint32_t ring_size);

  // What a predecessor has left, when the ring's used index is this: the heads of requests that are
  // to be submitted again, in the order in which they came first. Makes a fresh region one of ours.
  // The error is a sentence.
  std::expected<std::vector<uint16_t>, std::string> recover(uint16_t used_index);

  // Steps of a request; the head is below the size of the ring. All that are done until the used
  // index is published are a batch.
  void begin(uint16_t head);
  void complete(uint16_t head);
  void batch_published(uint16_t used_index);

private:
  struct Descriptor {
    uint8_t inflight;
    uint8_t padding[5];
    uint16_t next;
    uint64_t counter;
  };
  struct Header {
    uint64_t features;
    uint16_t version;
    uint16_t descriptors;
    uint16_t last_batch_head;
    uint16_t used_index;
  };
  static_assert(sizeof(Descriptor) == 16 && sizeof(Header) == 16);

  Header* header_;
  Descriptor* descriptors_;
  uint32_t size_;
  uint64_t counter_ = 0;
  std::vector<uint16_t> batch_;
};

// The file that all rings of a session share. After their parts stands one of our own, in which it
// is kept that the guest has turned the write cache off: front ends tell a new back end everything
// else.
class InflightFile {
public:
  // A new one, which the front end gets. The error is a sentence.
  static std::expected<FileDescriptor, std::string> create(uint16_t queues, uint16_t queue_size);
  static uint64_t bytes_for(uint16_t queues, uint16_t queue_size);

  // One that the front end has, with its own idea of it.
  static std::expected<InflightFile, std::string> open(const FileDescriptor& file,
                                                       const InflightDescription& description,
                                                       SharedMapping::Policy policy);

  uint16_t queues() const { return queues_; }
  uint16_t queue_size() const { return queue_size_; }
  // Of a ring below `queues()`. The file outlives it.
  InflightRegion region(uint16_t queue) const;

  // Whether the guest wants each write to be stable when it has ended; not known of files of other
  // back ends, which have no such part.
  bool write_through() const;
  void set_write_through(bool write_through) const;

private:
  struct Own;

  InflightFile(std::shared_ptr<const SharedMapping> mapping, const InflightDescription& description)
      : mapping_(std::move(mapping)), queues_(description.queues),
        queue_size_(description.queue_size) {}
  Own& own() const;

  std::shared_ptr<const SharedMapping> mapping_;
  uint16_t queues_;
  uint16_t queue_size_;
  bool has_own_part_ = false;
};

} // namespace lockvet::runtime::vhost_user

#endif // LOCKVET_RUNTIME_EXPORT_VHOST_USER_INFLIGHT_REGION_H
